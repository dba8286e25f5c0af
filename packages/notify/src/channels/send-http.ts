import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { rootCertificates } from 'node:tls'
import { escapeControls } from '@tocsin/diagnostic'
import type { TlsFiles } from '../settings/notification.ts'
import { DeliveryError } from './delivery-error.ts'

/** A request, and how to reach whom it is for. */
export interface HttpCall {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
  readonly tls?: TlsFiles
  readonly unixSocket?: string | undefined
}

export interface HttpAnswer {
  readonly status: number
  /** Its beginning, safe to print. */
  readonly text: string
  readonly retryAfterMs: number | undefined
}

/** Sends a request and reads its answer. @throws {DeliveryError} When there is none. */
export type SendHttp = (call: HttpCall) => Promise<HttpAnswer>

const maxAnswerBytes = 4096
const maxShownLength = 200
const maxRetryAfterMs = 300_000

/** Requests over the network, through the proxies that the environment names. */
export function createHttpSender(
  variables: Readonly<Record<string, string | undefined>>,
): SendHttp {
  return async (call) => {
    const { url, signal, unixSocket } = call
    const isSecure = url.protocol === 'https:'
    const tls = isSecure && call.tls ? await readTls(call.tls) : {}
    const proxyEnv = unixSocket === undefined ? { ...variables } : {}
    // A connection of its own: notifications are rare, and one that was kept may be dead by then.
    const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: false, proxyEnv })
    const options = {
      method: call.method,
      headers: { ...call.headers, 'Content-Length': String(Buffer.byteLength(call.body)) },
      agent,
      signal,
      ...(unixSocket === undefined ? {} : { socketPath: unixSocket }),
      ...tls,
    }
    try {
      return await new Promise<HttpAnswer>((resolve, reject) => {
        const request = (isSecure ? requestHttps : requestHttp)(url, options, (answer) => {
          readAnswer(answer).then(resolve, reject)
        })
        request.on('error', reject)
        request.end(call.body)
      })
    } catch (error) {
      throw unreachable(error, url, signal)
    } finally {
      agent.destroy()
    }
  }
}

async function readTls(files: TlsFiles): Promise<Record<string, unknown>> {
  const read = async (path: string | undefined) => {
    try {
      return path === undefined ? undefined : await readFile(path)
    } catch (error) {
      throw new DeliveryError('TOC_NOTIFY_UNREACHABLE', `cannot read ${path}`, { cause: error })
    }
  }
  const [ca, cert, key] = await Promise.all([
    read(files.caCertPath),
    read(files.certPath),
    read(files.keyPath),
  ])
  return {
    rejectUnauthorized: !files.skipsVerification,
    ...(ca ? { ca: [...rootCertificates, ca] } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  }
}

async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    chunks.push(chunk)
    size += chunk.length
    // Enough to say what is wrong; whatever else comes is not read.
    if (size >= maxAnswerBytes) break
  }
  answer.destroy()
  const text = Buffer.concat(chunks).toString().trim().slice(0, maxShownLength)
  return {
    status: answer.statusCode ?? 0,
    text: escapeControls(text),
    retryAfterMs: readRetryAfter(answer.headers['retry-after']),
  }
}

function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return Math.min(Number(text) * 1000, maxRetryAfterMs)
}

function unreachable(error: unknown, url: URL, signal: AbortSignal): DeliveryError {
  if (error instanceof DeliveryError) return error
  if (signal.aborted) {
    return new DeliveryError('TOC_NOTIFY_TIMEOUT', `${url.host} did not answer in time`)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = code || (error instanceof Error ? error.message : String(error))
  const message = `cannot reach ${url.host}: ${reason}`
  return new DeliveryError('TOC_NOTIFY_UNREACHABLE', message, { cause: error })
}

/** Throws for an answer that is no success, saying whether another attempt may help. */
export function checkAnswer(
  { status, text, retryAfterMs }: HttpAnswer,
  host: string,
  isSuccess: (status: number) => boolean = (code) => code >= 200 && code < 300,
): void {
  if (isSuccess(status)) return
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429
  const said = text === '' ? '' : `: ${text}`
  const hint = status >= 300 && status < 400 ? ', redirects are not followed' : ''
  throw new DeliveryError('TOC_NOTIFY_REFUSED', `${host} answered ${status}${hint}${said}`, {
    isPermanent: !isPassing,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
