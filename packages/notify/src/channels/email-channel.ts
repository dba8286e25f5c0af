import { createTransport } from 'nodemailer'
import type { EmailTarget } from '../settings/notification.ts'
import type { Channel } from './channel.ts'
import { DeliveryError } from './delivery-error.ts'

const methods = { none: '', crammd5: 'CRAM-MD5', login: 'LOGIN', plain: 'PLAIN' } as const

/** Mail: the text is its page of HTML, sent to all receivers at once. */
export function createEmailChannel(target: EmailTarget): Channel {
  const hasLogin = target.auth !== 'none' && target.username !== ''
  return {
    async send(html, signal) {
      const transport = createTransport({
        host: target.host,
        port: target.port,
        name: target.heloHost,
        secure: target.encryption === 'ssltls',
        requireTLS: target.encryption === 'starttls',
        ignoreTLS: target.encryption === 'none',
        tls: { rejectUnauthorized: !target.skipsVerification },
        connectionTimeout: target.connectTimeoutMs,
        greetingTimeout: target.connectTimeoutMs,
        socketTimeout: target.sendTimeoutMs,
        // The text holds what attackers wrote: nothing in it may name a file or an address to fetch.
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(hasLogin
          ? {
              auth: { user: target.username, pass: target.password },
              authMethod: methods[target.auth],
            }
          : {}),
      })
      const sent = transport.sendMail({
        from: { name: target.senderName, address: target.senderAddress },
        to: [...target.receivers],
        subject: target.subject,
        html,
      })
      try {
        await Promise.race([sent, aborted(signal)])
      } catch (error) {
        throw deliveryError(error, target, signal)
      } finally {
        transport.close()
      }
    },
  }
}

/** Rejects when the signal does; the connection behind it ends by its own time limits. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
    if (signal.aborted) reject(new Error('aborted'))
  })
}

function deliveryError(error: unknown, { host, port }: EmailTarget, signal: AbortSignal) {
  const place = `${host}:${port}`
  if (signal.aborted) {
    return new DeliveryError('TOC_NOTIFY_TIMEOUT', `${place} did not take the mail in time`)
  }
  const { message } = error instanceof Error ? error : { message: String(error) }
  const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0
  if (status > 0) {
    return new DeliveryError('TOC_NOTIFY_REFUSED', `${place} refused the mail: ${message}`, {
      cause: error,
      isPermanent: status >= 500,
    })
  }
  return new DeliveryError('TOC_NOTIFY_UNREACHABLE', `cannot reach ${place}: ${message}`, {
    cause: error,
  })
}
