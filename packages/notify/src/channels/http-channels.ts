import { createHmac } from 'node:crypto'
import type { Clock } from '@tocsin/model'
import type {
  HttpTarget,
  SentinelTarget,
  SlackTarget,
  SplunkTarget,
  TlsFiles,
} from '../settings/notification.ts'
import type { Channel } from './channel.ts'
import { checkAnswer, type SendHttp } from './send-http.ts'

const isOk = (status: number) => status === 200
const jsonType = { 'Content-Type': 'application/json' }

/** Any webhook: the text is the body of a request. */
export function createHttpChannel(target: HttpTarget, sendHttp: SendHttp): Channel {
  const { url, method, headers, tls, unixSocket } = target
  return {
    async send(body, signal) {
      const answer = await sendHttp({ url, method, headers, body, signal, tls, unixSocket })
      checkAnswer(answer, url.host)
    },
  }
}

/** A Slack webhook: the text is a message. */
export function createSlackChannel(target: SlackTarget, sendHttp: SendHttp): Channel {
  const { webhook: url } = target
  const optional = {
    channel: target.channel,
    username: target.username,
    icon_emoji: target.iconEmoji,
    icon_url: target.iconUrl,
  }
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== ''))
  return {
    async send(text, signal) {
      const body = JSON.stringify({ ...given, text })
      checkAnswer(
        await sendHttp({ url, method: 'POST', headers: jsonType, body, signal }),
        url.host,
      )
    },
  }
}

/** The HTTP event collector of Splunk: the text is an event. */
export function createSplunkChannel(target: SplunkTarget, sendHttp: SendHttp): Channel {
  const { url, token, skipsVerification } = target
  const tls: TlsFiles = {
    skipsVerification,
    caCertPath: undefined,
    certPath: undefined,
    keyPath: undefined,
  }
  const headers = { ...jsonType, Authorization: `Splunk ${token}` }
  return {
    async send(text, signal) {
      const body = JSON.stringify({ event: text })
      const answer = await sendHttp({ url, method: 'POST', headers, body, signal, tls })
      checkAnswer(answer, url.host, isOk)
    },
  }
}

/** The log collector of Microsoft Sentinel: the text is JSON of records. */
export function createSentinelChannel(
  target: SentinelTarget,
  sendHttp: SendHttp,
  clock: Clock,
): Channel {
  const { customerId, logType } = target
  const url = new URL(
    `https://${customerId}.ods.opinsights.azure.com/api/logs?api-version=2016-04-01`,
  )
  return {
    async send(body, signal) {
      const date = new Date(clock.nowMs()).toUTCString()
      const headers = {
        ...jsonType,
        'Log-Type': logType,
        'x-ms-date': date,
        Authorization: `SharedKey ${customerId}:${signSentinel(target, body, date)}`,
      }
      checkAnswer(await sendHttp({ url, method: 'POST', headers, body, signal }), url.host, isOk)
    },
  }
}

function signSentinel({ sharedKey }: SentinelTarget, body: string, date: string): string {
  const length = Buffer.byteLength(body)
  const signed = `POST\n${length}\napplication/json\nx-ms-date:${date}\n/api/logs`
  return createHmac('sha256', sharedKey).update(signed).digest('base64')
}
