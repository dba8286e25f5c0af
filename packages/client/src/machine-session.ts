import type { IncomingMessage } from 'node:http'
import type { LoginBody, LoginReply } from '@tocsin/protocol'
import { ClientError } from './client-error.ts'
import type { Sender } from './endpoint-group.ts'
import type { HttpEndpoint, HttpRequest } from './http-endpoint.ts'
import type { Pacing } from './pacing.ts'
import { isSuccess, readJson, readRefusal } from './read-reply.ts'

/** How a machine says who it is. A client certificate is part of the TLS material instead. */
export type MachineCredentials =
  | { readonly kind: 'password'; readonly machineId: string; readonly password: string }
  | { readonly kind: 'certificate' }

export interface SessionOptions {
  readonly credentials: MachineCredentials
  readonly userAgent: string
  readonly pacing: Pacing
  readonly idleTimeoutMs: number
  /** The scenarios in use, asked at every login: servers report them. */
  scenarios(): readonly string[]
}

/** A token is renewed this long before it ends. */
const renewalMarginMs = 60_000

/**
 * A machine at one server: logs in when needed, once however many requests wait for it, and again when
 * the server no longer knows the token (it was restarted).
 */
export class MachineSession implements Sender {
  readonly name: string
  readonly #endpoint: HttpEndpoint
  readonly #options: SessionOptions
  #token: { readonly text: string; readonly endMs: number } | undefined
  #login: Promise<string> | undefined

  constructor(endpoint: HttpEndpoint, options: SessionOptions) {
    this.name = endpoint.name
    this.#endpoint = endpoint
    this.#options = options
  }

  async send(request: HttpRequest): Promise<IncomingMessage> {
    const token = await this.#currentToken()
    const reply = await this.#sendWith(token, request)
    if (reply.statusCode !== 401) return reply
    reply.resume()
    // Another request may have logged in anew while this one was under way.
    if (this.#token?.text === token) this.#token = undefined
    return this.#sendWith(await this.#currentToken(), request)
  }

  /** Forgets the token and asks for a new one. */
  async logIn(): Promise<void> {
    this.#token = undefined
    await this.#currentToken()
  }

  [Symbol.dispose](): void {
    this.#endpoint[Symbol.dispose]()
  }

  #sendWith(token: string, request: HttpRequest): Promise<IncomingMessage> {
    const headers = {
      ...request.headers,
      authorization: `Bearer ${token}`,
      'user-agent': this.#options.userAgent,
    }
    return this.#endpoint.send({ ...request, headers })
  }

  async #currentToken(): Promise<string> {
    const token = this.#token
    if (token && this.#options.pacing.clock.nowMs() < token.endMs - renewalMarginMs) {
      return token.text
    }
    this.#login ??= this.#requestToken().finally(() => {
      this.#login = undefined
    })
    return this.#login
  }

  async #requestToken(): Promise<string> {
    const { credentials, userAgent, idleTimeoutMs, pacing } = this.#options
    const scenarios = [...this.#options.scenarios()]
    const body: LoginBody | Pick<LoginBody, 'scenarios'> =
      credentials.kind === 'password'
        ? { machine_id: credentials.machineId, password: credentials.password, scenarios }
        : { scenarios }
    // Not tied to the signal of one request: others may wait for the same login.
    const reply = await this.#endpoint.send({
      method: 'POST',
      path: 'v1/watchers/login',
      headers: { 'user-agent': userAgent },
      body: JSON.stringify(body),
      idleTimeoutMs,
    })
    if (!isSuccess(reply)) throw await readRefusal(reply, this.name)
    const { token, expire } = readLogin(await readJson(reply, this.name), this.name)
    const nowMs = pacing.clock.nowMs()
    // The server's own idea of the present, so that a clock that differs does not matter.
    const serverNowMs = Date.parse(reply.headers.date ?? '') || nowMs
    this.#token = { text: token, endMs: nowMs + (Date.parse(expire) - serverNowMs) }
    return token
  }
}

function readLogin(json: unknown, server: string): Pick<LoginReply, 'token' | 'expire'> {
  const { token, expire } = (json ?? {}) as Partial<Record<keyof LoginReply, unknown>>
  if (
    typeof token !== 'string' ||
    !/^[\w.~+/=-]+$/.test(token) ||
    typeof expire !== 'string' ||
    Number.isNaN(Date.parse(expire))
  ) {
    throw new ClientError(
      'TOC_CLIENT_REPLY',
      `${server}: the answer to a login has no usable token`,
    )
  }
  return { token, expire }
}
