import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { DecisionReply, UsageMetricsBody } from '@tocsin/protocol'
import { silentLog } from '@tocsin/telemetry'
import { ClientError } from './client-error.ts'
import { type ClientOptions, defaultIdleTimeoutMs } from './client-options.ts'
import { type DecisionUpdate, followDecisions, type StreamOptions } from './decision-stream.ts'
import { readEndpoint } from './endpoint.ts'
import { EndpointGroup, type GroupReply, type Sender } from './endpoint-group.ts'
import { HttpEndpoint, type HttpRequest } from './http-endpoint.ts'
import { defaultRetry, systemPacing } from './pacing.ts'
import { type Query, withQuery } from './query.ts'
import { readDecisions } from './read-decisions.ts'
import { readJson } from './read-reply.ts'
import { type RetryContext, retry } from './retry.ts'

export interface BouncerOptions extends ClientOptions {
  /** Absent when the TLS material holds a client certificate; exactly one of the two must be there. */
  readonly apiKey?: string
}

/** Whom a lookup asks about: an address or range, or the value of another scope. */
export type LookupTarget =
  | { readonly ip: string }
  | { readonly range: string }
  | { readonly scope: string; readonly value: string }

/** A bouncer's side of the Local API: asks what to enforce, tells what it did. */
export class BouncerClient implements Disposable {
  readonly #group: EndpointGroup
  readonly #idleTimeoutMs: number
  readonly #retry: Omit<RetryContext, 'signal'>

  /** @throws {ClientError} `TOC_CLIENT_OPTIONS` when the options cannot work. */
  constructor(options: BouncerOptions) {
    const hasCertificate = options.tls?.cert !== undefined
    if ((options.apiKey === undefined) !== hasCertificate) {
      throw new ClientError(
        'TOC_CLIENT_OPTIONS',
        'a bouncer needs either an API key or a client certificate',
      )
    }
    const headers = bouncerHeaders(options)
    this.#group = new EndpointGroup(
      options.urls.map(
        (url) => new BouncerSender(new HttpEndpoint(readEndpoint(url), options.tls), headers),
      ),
    )
    this.#idleTimeoutMs = options.idleTimeoutMs ?? defaultIdleTimeoutMs
    this.#retry = {
      policy: { ...defaultRetry, ...options.retry },
      pacing: options.pacing ?? systemPacing,
      log: options.log ?? silentLog,
    }
  }

  /**
   * Asks whether the server accepts this bouncer, without moving its place in the stream.
   * @throws {ClientError} `TOC_CLIENT_UNAUTHORIZED` when it does not.
   */
  async check(signal?: AbortSignal): Promise<void> {
    const { reply } = await this.#send('HEAD', 'v1/decisions/stream', undefined, signal)
    reply.resume()
  }

  /** The live decisions about one target; empty for none. Never repeated: a request waits for it. */
  async lookup(target: LookupTarget, signal?: AbortSignal): Promise<DecisionReply[]> {
    const path = withQuery('v1/decisions', { ...target } as Query)
    const { reply, sender } = await this.#send('GET', path, undefined, signal)
    return readDecisions(await readJson(reply, sender.name), sender.name)
  }

  /**
   * Follows the decisions: first all of them, then what changed, in an endless loop until the reader
   * breaks out or `signal` fires. Failures are part of it, see `DecisionUpdate`.
   */
  stream(options: StreamOptions = {}): AsyncGenerator<DecisionUpdate, void, undefined> {
    return followDecisions(
      (path, signal) => this.#send('GET', path, undefined, signal),
      this.#retry.pacing,
      options,
    )
  }

  async sendUsageMetrics(body: UsageMetricsBody, signal?: AbortSignal): Promise<void> {
    await retry({ ...this.#retry, signal }, async () => {
      const { reply } = await this.#send('POST', 'v1/usage-metrics', JSON.stringify(body), signal)
      reply.resume()
    })
  }

  /** Ends all connections. */
  [Symbol.dispose](): void {
    this.#group[Symbol.dispose]()
  }

  #send(
    method: HttpRequest['method'],
    path: string,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<GroupReply> {
    return this.#group.send({
      method,
      path,
      headers: {},
      idleTimeoutMs: this.#idleTimeoutMs,
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    })
  }
}

function bouncerHeaders({ apiKey, userAgent }: BouncerOptions): OutgoingHttpHeaders {
  // Said here, because Node's own message about a bad header would come with every request.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ClientError(
      'TOC_CLIENT_OPTIONS',
      'the API key is empty or holds characters that no header can carry',
    )
  }
  return { 'user-agent': userAgent, ...(apiKey !== undefined && { 'x-api-key': apiKey }) }
}

class BouncerSender implements Sender {
  readonly name: string
  readonly #endpoint: HttpEndpoint
  readonly #headers: OutgoingHttpHeaders

  constructor(endpoint: HttpEndpoint, headers: OutgoingHttpHeaders) {
    this.name = endpoint.name
    this.#endpoint = endpoint
    this.#headers = headers
  }

  send(request: HttpRequest): Promise<IncomingMessage> {
    return this.#endpoint.send({ ...request, headers: { ...request.headers, ...this.#headers } })
  }

  [Symbol.dispose](): void {
    this.#endpoint[Symbol.dispose]()
  }
}
