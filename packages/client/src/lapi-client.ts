import type {
  AlertBody,
  AlertReply,
  AllowlistCheckReply,
  AllowlistReply,
  BulkCheckReply,
  RegistrationBody,
  UsageMetricsBody,
} from '@tocsin/protocol'
import { silentLog } from '@tocsin/telemetry'
import { ClientError } from './client-error.ts'
import { type ClientOptions, defaultIdleTimeoutMs } from './client-options.ts'
import { readEndpoint } from './endpoint.ts'
import { EndpointGroup } from './endpoint-group.ts'
import { HttpEndpoint, type HttpRequest } from './http-endpoint.ts'
import { type MachineCredentials, MachineSession } from './machine-session.ts'
import { defaultRetry, systemPacing } from './pacing.ts'
import type { AlertQuery, DecisionDeletion } from './queries.ts'
import { withQuery } from './query.ts'
import {
  readAlert,
  readAlertIds,
  readAlerts,
  readDeletedCount,
  readListOf,
  readObject,
} from './read-alerts.ts'
import { readJson } from './read-reply.ts'
import { type RetryContext, retry } from './retry.ts'

export interface LapiOptions extends ClientOptions {
  readonly credentials: MachineCredentials
  /** The scenarios in use, asked at every login; none when absent. */
  readonly scenarios?: () => readonly string[]
}

/** Whether a machine that registered may log in at once or waits for an administrator. */
export type Registration = 'validated' | 'pending'

/** A machine's side of the Local API: sends alerts, asks and changes what is decided. */
export class LapiClient implements Disposable {
  readonly #group: EndpointGroup
  readonly #sessions: readonly MachineSession[]
  readonly #idleTimeoutMs: number
  readonly #retry: Omit<RetryContext, 'signal'>

  /** @throws {ClientError} `TOC_CLIENT_OPTIONS` when the options cannot work. */
  constructor(options: LapiOptions) {
    checkOptions(options)
    const pacing = options.pacing ?? systemPacing
    this.#idleTimeoutMs = options.idleTimeoutMs ?? defaultIdleTimeoutMs
    this.#sessions = options.urls.map(
      (url) =>
        new MachineSession(new HttpEndpoint(readEndpoint(url), options.tls), {
          credentials: options.credentials,
          userAgent: options.userAgent,
          pacing,
          idleTimeoutMs: this.#idleTimeoutMs,
          scenarios: options.scenarios ?? (() => []),
        }),
    )
    this.#group = new EndpointGroup(this.#sessions)
    this.#retry = {
      policy: { ...defaultRetry, ...options.retry },
      pacing,
      log: options.log ?? silentLog,
    }
  }

  /** Logs in at the first server, without patience: for checks. Otherwise logins happen by themselves. */
  async logIn(): Promise<void> {
    await this.#sessions[0]?.logIn()
  }

  /**
   * Sends alerts in one request, again while the server cannot take them: an alert may then be stored
   * twice, but none is lost.
   * @returns The ids of those stored; the server leaves out what is allowlisted.
   */
  async pushAlerts(alerts: readonly AlertBody[], signal?: AbortSignal): Promise<string[]> {
    const { json, server } = await this.#call('POST', 'v1/alerts', { body: alerts, signal })
    return readAlertIds(json, server)
  }

  async heartbeat(signal?: AbortSignal): Promise<void> {
    await this.#call('GET', 'v1/heartbeat', { signal })
  }

  async sendUsageMetrics(body: UsageMetricsBody, signal?: AbortSignal): Promise<void> {
    await this.#call('POST', 'v1/usage-metrics', { body, signal })
  }

  /** Alerts, newest first; a hundred when `limit` is absent, all when it is 0. */
  async alerts(query: AlertQuery = {}, signal?: AbortSignal): Promise<AlertReply[]> {
    const { json, server } = await this.#call('GET', withQuery('v1/alerts', { ...query }), {
      signal,
    })
    return readAlerts(json, server)
  }

  /** One alert; undefined when there is none with that id. */
  async alert(id: number, signal?: AbortSignal): Promise<AlertReply | undefined> {
    try {
      const { json, server } = await this.#call('GET', `v1/alerts/${id}`, { signal })
      return readAlert(json, server)
    } catch (error) {
      if (error instanceof ClientError && error.status === 404) return undefined
      throw error
    }
  }

  /** Deletes alerts with their decisions; every alert when the query is empty. Needs a trusted address. */
  async deleteAlerts(query: AlertQuery, signal?: AbortSignal): Promise<number> {
    return this.#delete(withQuery('v1/alerts', { ...query }), signal)
  }

  async deleteAlert(id: number, signal?: AbortSignal): Promise<number> {
    return this.#delete(`v1/alerts/${id}`, signal)
  }

  /**
   * Alerts with live decisions, as `decisions list` shows them. The limit counts alerts, of which one
   * may carry thousands of decisions.
   */
  async activeDecisions(query: AlertQuery = {}, signal?: AbortSignal): Promise<AlertReply[]> {
    return this.alerts({ include_capi: false, ...query, has_active_decision: true }, signal)
  }

  /** Ends live decisions; every one when the query is empty. */
  async deleteDecisions(query: DecisionDeletion, signal?: AbortSignal): Promise<number> {
    return this.#delete(withQuery('v1/decisions', { ...query }), signal)
  }

  async deleteDecision(id: number, signal?: AbortSignal): Promise<number> {
    return this.#delete(`v1/decisions/${id}`, signal)
  }

  async allowlists(signal?: AbortSignal): Promise<AllowlistReply[]> {
    const path = withQuery('v1/allowlists', { with_content: true })
    const { json, server } = await this.#call('GET', path, { signal })
    return readListOf<AllowlistReply>(json, server, ['name', 'created_at'])
  }

  async allowlist(name: string, signal?: AbortSignal): Promise<AllowlistReply> {
    const path = withQuery(`v1/allowlists/${encodeURIComponent(name)}`, { with_content: true })
    const { json, server } = await this.#call('GET', path, { signal })
    return readObject<AllowlistReply>(json, server, ['name', 'created_at'])
  }

  /** Which allowlist entry speaks for an address or range: `192.0.2.0/24 from office`; undefined for none. */
  async checkAllowlisted(target: string, signal?: AbortSignal): Promise<string | undefined> {
    const path = `v1/allowlists/check/${encodeURIComponent(target)}`
    const { json, server } = await this.#call('GET', path, { signal })
    const { allowlisted, reason } = readObject<AllowlistCheckReply>(json, server, [])
    return allowlisted === true ? (reason ?? '') : undefined
  }

  /** As `checkAllowlisted` for many; only those on a list are in the answer. */
  async checkManyAllowlisted(
    targets: readonly string[],
    signal?: AbortSignal,
  ): Promise<BulkCheckReply['results']> {
    if (targets.length === 0) return []
    const { json, server } = await this.#call('POST', 'v1/allowlists/check', {
      body: { targets },
      signal,
    })
    const { results } = readObject<BulkCheckReply>(json, server, [])
    return readListOf(results, server, ['target'])
  }

  /** Removes this machine from the server. */
  async unregister(signal?: AbortSignal): Promise<void> {
    await this.#call('DELETE', 'v1/watchers/self', { signal })
  }

  /** Ends all connections. */
  [Symbol.dispose](): void {
    this.#group[Symbol.dispose]()
  }

  async #delete(path: string, signal: AbortSignal | undefined): Promise<number> {
    const { json, server } = await this.#call('DELETE', path, { signal })
    return readDeletedCount(json, server)
  }

  #call(
    method: HttpRequest['method'],
    path: string,
    request: { readonly body?: unknown; readonly signal: AbortSignal | undefined },
  ): Promise<{ json: unknown; server: string }> {
    const { signal } = request
    const body = request.body === undefined ? undefined : JSON.stringify(request.body)
    return retry({ ...this.#retry, signal }, async () => {
      const { reply, sender } = await this.#group.send({
        method,
        path,
        headers: {},
        idleTimeoutMs: this.#idleTimeoutMs,
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      })
      return { json: await readJson(reply, sender.name), server: sender.name }
    })
  }
}

/**
 * Introduces a machine to the first server that answers. With the token of the server's automatic
 * registration it may log in at once.
 * @throws {ClientError} `TOC_CLIENT_UNAUTHORIZED` when the name is taken or the token is wrong.
 */
export async function registerMachine(
  options: ClientOptions & {
    readonly machineId: string
    readonly password: string
    readonly registrationToken?: string
  },
  signal?: AbortSignal,
): Promise<Registration> {
  const endpoints = options.urls.map((url) => new HttpEndpoint(readEndpoint(url), options.tls))
  using group = new EndpointGroup(endpoints)
  const body: RegistrationBody = {
    machine_id: options.machineId,
    password: options.password,
    ...(options.registrationToken !== undefined && {
      registration_token: options.registrationToken,
    }),
  }
  const { reply } = await group.send({
    method: 'POST',
    path: 'v1/watchers',
    headers: { 'user-agent': options.userAgent },
    body: JSON.stringify(body),
    idleTimeoutMs: options.idleTimeoutMs ?? defaultIdleTimeoutMs,
    ...(signal && { signal }),
  })
  reply.resume()
  return reply.statusCode === 202 ? 'validated' : 'pending'
}

function checkOptions({ userAgent, credentials, tls }: LapiOptions): void {
  if (!/^[\x21-\x2e\x30-\x7e]+\/[\x21-\x2e\x30-\x7e]+$/.test(userAgent)) {
    throw new ClientError(
      'TOC_CLIENT_OPTIONS',
      `'${userAgent}' must be a name, one slash and a version: servers refuse logins otherwise`,
    )
  }
  const hasCertificate = tls?.cert !== undefined
  if (hasCertificate !== (credentials.kind === 'certificate')) {
    throw new ClientError(
      'TOC_CLIENT_OPTIONS',
      'a machine logs in either with name and password or with a client certificate',
    )
  }
}
