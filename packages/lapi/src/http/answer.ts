import { encodeJson } from '@tocsin/protocol'

/** What a handler answers. */
export interface Answer {
  readonly status: number
  readonly contentType?: string
  readonly body?: string | Buffer
  /** A body in parts, sent as fast as the client takes them. */
  readonly chunks?: Iterable<Buffer>
  /** Called once every part is sent; not called when the client goes away before. */
  readonly onSent?: () => void
  readonly headers?: Readonly<Record<string, string>>
}

export const jsonType = 'application/json; charset=utf-8'

/** A JSON body. */
export function json(status: number, value: unknown): Answer {
  return { status, contentType: jsonType, body: encodeJson(value) }
}

/** JSON that is written already. */
export function rawJson(status: number, body: string): Answer {
  return { status, contentType: jsonType, body }
}

/** No body. */
export function empty(status: number): Answer {
  return { status }
}

/** What HEAD is answered: the type of a body that is not sent. */
export function probe(status: number): Answer {
  return { status, contentType: 'text/plain; charset=utf-8' }
}

/** Ends a request with an error of the client's or a state of the server; thrown by any part of it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly answer: Answer

  constructor(answer: Answer, message: string) {
    super(message)
    this.answer = answer
  }
}

/** `{"message":"…"}` with a status, to be thrown. */
export function refusal(status: number, message: string): Refusal {
  return new Refusal(json(status, { message }), message)
}

/** `{"code":401,"message":"…"}`: how calls around tokens are refused. */
export function tokenRefusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const answer = json(status, { code: status, message })
  const challenge = { 'WWW-Authenticate': 'JWT realm=Crowdsec API local', ...headers }
  return new Refusal({ ...answer, headers: challenge }, message)
}
