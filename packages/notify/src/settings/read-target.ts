import { parseDuration } from '@tocsin/model'
import type {
  EmailTarget,
  FileTarget,
  HttpTarget,
  NotificationType,
  SentinelTarget,
  SlackTarget,
  SplunkTarget,
  Target,
} from './notification.ts'
import type { NotificationReader } from './notification-reader.ts'

/** What a type reads from its keys: where to, and which texts are secret. */
export interface ReadTarget {
  readonly target: Target
  readonly secrets: readonly string[]
}

/** Reads the keys of a type; undefined, with a problem, when something it needs is missing. */
export function readTarget(
  type: NotificationType,
  reader: NotificationReader,
): ReadTarget | undefined {
  return readers[type](reader)
}

const readers: Readonly<
  Record<NotificationType, (reader: NotificationReader) => ReadTarget | undefined>
> = {
  email: readEmail,
  file: readFile,
  http: readHttp,
  sentinel: readSentinel,
  slack: readSlack,
  splunk: readSplunk,
}

const defaultMailTimeout = '10s'

function readEmail(reader: NotificationReader): ReadTarget | undefined {
  const host = reader.required('smtp_host')
  const receivers = (reader.yaml.textList('receiver_emails') ?? []).filter((text) => text !== '')
  if (receivers.length === 0) {
    reader.fault(
      'receiver_emails',
      'TOC_NOTIFY_REQUIRED',
      'email needs at least one of "receiver_emails"',
    )
  }
  const port = reader.count('smtp_port', 25, 1)
  if (port > 65535)
    reader.fault('smtp_port', 'TOC_NOTIFY_VALUE', `"smtp_port" must be at most 65535, not ${port}`)
  const password = reader.text('smtp_password')
  const target: EmailTarget = {
    type: 'email',
    host: host ?? '',
    port,
    username: reader.text('smtp_username'),
    password,
    auth: reader.oneOf('auth_type', ['none', 'crammd5', 'login', 'plain'] as const, 'login'),
    encryption: reader.oneOf('encryption_type', ['ssltls', 'starttls', 'none'] as const, 'ssltls'),
    senderAddress: reader.text('sender_email', 'crowdsec@crowdsec.local'),
    senderName: reader.text('sender_name', 'Crowdsec'),
    receivers,
    subject: reader.text('email_subject', 'Crowdsec notification'),
    heloHost: reader.text('helo_host', 'localhost'),
    connectTimeoutMs: mailTimeoutMs(reader, 'connect_timeout'),
    sendTimeoutMs: mailTimeoutMs(reader, 'send_timeout'),
    skipsVerification: reader.boolean('skip_tls_verification', false),
  }
  return host === undefined || receivers.length === 0 ? undefined : { target, secrets: [password] }
}

/** As existing installations have it, an unreadable one is only worth a warning. */
function mailTimeoutMs(reader: NotificationReader, key: string): number {
  const text = reader.text(key, defaultMailTimeout)
  const nanos = parseDuration(text)
  if (nanos !== undefined && nanos > 0) return nanos / 1e6
  reader.warn(
    key,
    'TOC_NOTIFY_VALUE',
    `"${key}" must be a duration, not "${text}": ${defaultMailTimeout} is used`,
  )
  return 10_000
}

function readFile(reader: NotificationReader): ReadTarget | undefined {
  const path = reader.required('log_path')
  const section = reader.section('rotate')
  const isEnabled = section?.boolean('enabled', false) ?? false
  const maxSizeMb = section?.count('max_size', 0) ?? 0
  const rotation = {
    maxSizeBytes: maxSizeMb * 1024 * 1024,
    maxFiles: section?.count('max_files', 0) ?? 0,
    maxAgeDays: section?.count('max_age', 0) ?? 0,
    compresses: section?.boolean('compress', false) ?? false,
  }
  section?.close()
  if (isEnabled && maxSizeMb === 0) {
    section?.warn('max_size', 'TOC_NOTIFY_VALUE', 'without "max_size" the file is never rotated')
  }
  if (path === undefined) return undefined
  const target: FileTarget = {
    type: 'file',
    path,
    rotation: isEnabled && maxSizeMb > 0 ? rotation : undefined,
  }
  return { target, secrets: [] }
}

function readHttp(reader: NotificationReader): ReadTarget | undefined {
  const url = reader.url('url')
  const method = reader.text('method', 'GET').toUpperCase()
  if (!/^[A-Z]+$/.test(method)) {
    reader.fault('method', 'TOC_NOTIFY_VALUE', '"method" must be a word such as POST')
  } else if (method === 'GET') {
    reader.warn(
      'method',
      'TOC_NOTIFY_METHOD',
      'the method is GET, which most receivers take without its text',
      'write method: POST',
    )
  }
  const certPath = reader.path('cert_path')
  const keyPath = reader.path('key_path')
  if ((certPath === undefined) !== (keyPath === undefined)) {
    const key = certPath === undefined ? 'key_path' : 'cert_path'
    reader.fault(key, 'TOC_NOTIFY_REQUIRED', '"cert_path" and "key_path" must stand together')
  }
  const headers = readHeaders(reader)
  const tls = {
    skipsVerification: reader.boolean('skip_tls_verification', false),
    caCertPath: reader.path('ca_cert_path'),
    certPath,
    keyPath,
  }
  const unixSocket = reader.path('unix_socket')?.replace(/\/+$/, '')
  if (!url) return undefined
  const target: HttpTarget = { type: 'http', url, method, headers, tls, unixSocket }
  return { target, secrets: [...Object.values(headers), ...secretsOfUrl(url)] }
}

function readHeaders(reader: NotificationReader): Record<string, string> {
  const section = reader.section('headers')
  const headers: Record<string, string> = {}
  const map = reader.yaml.map('headers')
  for (const key of map?.entries.keys() ?? []) {
    const value = section?.text(key) ?? ''
    if (/^[!#$%&'*+.^_`|~\w-]+$/.test(key) && !/[\r\n\0]/.test(value)) headers[key] = value
    else section?.fault(key, 'TOC_NOTIFY_VALUE', `"${key}" cannot be sent as a header`)
  }
  return headers
}

function readSlack(reader: NotificationReader): ReadTarget | undefined {
  const webhook = reader.url('webhook')
  const target = {
    type: 'slack' as const,
    channel: reader.text('channel'),
    username: reader.text('username'),
    iconEmoji: reader.text('icon_emoji'),
    iconUrl: reader.text('icon_url'),
  }
  if (!webhook) return undefined
  const whole: SlackTarget = { ...target, webhook }
  return { target: whole, secrets: secretsOfUrl(webhook) }
}

function readSplunk(reader: NotificationReader): ReadTarget | undefined {
  const url = reader.url('url')
  const token = reader.required('token')
  const skipsVerification = reader.boolean('skip_tls_verification', false)
  if (!url || token === undefined) return undefined
  const target: SplunkTarget = { type: 'splunk', url, token, skipsVerification }
  return { target, secrets: [token, ...secretsOfUrl(url)] }
}

function readSentinel(reader: NotificationReader): ReadTarget | undefined {
  const customerId = reader.required('customer_id')
  const key = reader.required('shared_key')
  const logType = reader.required('log_type')
  if (customerId !== undefined && !/^[\w-]+$/.test(customerId)) {
    return reader.fault(
      'customer_id',
      'TOC_NOTIFY_VALUE',
      '"customer_id" must be the id of a workspace',
    )
  }
  const sharedKey = Buffer.from(key ?? '', 'base64')
  if (key !== undefined && sharedKey.length === 0) {
    return reader.fault('shared_key', 'TOC_NOTIFY_VALUE', '"shared_key" must be base64')
  }
  if (customerId === undefined || key === undefined || logType === undefined) return undefined
  const target: SentinelTarget = { type: 'sentinel', customerId, sharedKey, logType }
  return { target, secrets: [key] }
}

/** Webhooks keep their secret in the path or the query. */
function secretsOfUrl(url: URL): string[] {
  const path = url.pathname + url.search
  const parts = [url.username, url.password, ...path.split('/'), ...url.searchParams.values()]
  return [url.href, path, ...parts].filter((text) => text.length >= 8)
}
