import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerConfig } from '@tocsin/config'
import { Problems } from '@tocsin/diagnostic'
import { createFunctions, profileEnvironment } from '@tocsin/helpers'
import type { Clock } from '@tocsin/model'
import { defaultProfiles, type Profile } from '@tocsin/profile'
import { openStore, type Store } from '@tocsin/store'
import { type Log, silentLog } from '@tocsin/telemetry'
import { createApiKey, hashApiKey } from '../auth/api-keys.ts'
import { hashPassword } from '../auth/passwords.ts'
import type { Timeouts } from '../http/listeners.ts'
import { type Lapi, type LapiDeps, startLapi } from '../lapi.ts'

/** A clock that stands until it is moved. */
export class TestClock implements Clock {
  #nowMs = Date.parse('2026-03-01T12:00:00.000Z')

  nowMs(): number {
    return this.#nowMs
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

export interface TestReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface TestRequest {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface TestOptions {
  readonly server?: Partial<ServerConfig>
  readonly deps?: Partial<LapiDeps>
  readonly profiles?: readonly Profile[]
  readonly log?: Log
  readonly timeouts?: Timeouts
}

const plainServer: ServerConfig = {
  listenUri: '127.0.0.1:0',
  listenSocket: undefined,
  profilesPath: undefined,
  consolePath: undefined,
  logLevel: 'info',
  trustedProxies: [],
  trustedIps: [],
  refusesRemoteRegistration: false,
  exportsUsageMetrics: true,
  capiWhitelistsPath: undefined,
  autoRegistration: undefined,
  tls: undefined,
  onlineClient: undefined,
  neverBan: { ownAddresses: false, privateRanges: true },
}

/** A Local API in this process, on a port of its own, with its store in memory. */
export class TestLapi implements AsyncDisposable {
  readonly clock = new TestClock()
  readonly folder: string
  readonly store: Store
  readonly lapi: Lapi
  readonly port: number

  constructor(folder: string, store: Store, lapi: Lapi) {
    this.folder = folder
    this.store = store
    this.lapi = lapi
    this.port = Number(/:(\d+)$/.exec(lapi.addresses[0] ?? '')?.[1] ?? 0)
  }

  static async start(options: TestOptions = {}): Promise<TestLapi> {
    const clock = new TestClock()
    const log = options.log ?? silentLog
    const settings = { database: { type: 'sqlite', path: ':memory:' }, syncIntervalMs: 0 } as const
    const store = await openStore(settings, { clock, log })
    const environment = profileEnvironment(createFunctions({ clock, log }))
    const lapi = await startLapi(
      {
        server: { ...plainServer, ...options.server },
        version: '0.0.0-test',
        ...(options.timeouts && { timeouts: options.timeouts }),
      },
      {
        store,
        clock,
        log,
        profiles: options.profiles ?? defaultProfiles(environment, new Problems()),
        resolveName: async () => [],
        ...options.deps,
      },
    )
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-lapi-'))
    const started = new TestLapi(folder, store, lapi)
    return Object.assign(started, { clock })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lapi[Symbol.asyncDispose]()
    await this.store[Symbol.asyncDispose]()
    rmSync(this.folder, { recursive: true })
  }

  /** Sends one request. */
  request(
    method: string,
    path: string,
    { headers = {}, body }: TestRequest = {},
  ): Promise<TestReply> {
    return new Promise((resolve, reject) => {
      const options = { port: this.port, host: '127.0.0.1', method, path, headers, agent: false }
      const request = httpRequest(options, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text })
        })
      })
      request.on('error', reject)
      request.end(body)
    })
  }

  /** A validated machine, and the headers it sends. */
  async machine(machineId = 'test', password = 'secret'): Promise<Record<string, string>> {
    await this.store.machines.add({
      machineId,
      passwordHash: await hashPassword(password),
      ipAddress: '127.0.0.1',
      isValidated: true,
      authType: 'password',
    })
    const reply = await this.request('POST', '/v1/watchers/login', {
      headers: { 'user-agent': 'crowdsec/v1.0' },
      body: JSON.stringify({ machine_id: machineId, password }),
    })
    return { authorization: `Bearer ${JSON.parse(reply.text).token}` }
  }

  /** A bouncer, and the headers it sends. */
  async bouncer(name = 'wall'): Promise<Record<string, string>> {
    const key = createApiKey()
    await this.store.bouncers.add({
      name,
      keyHash: hashApiKey(key),
      ipAddress: '',
      authType: 'api-key',
      isAutoCreated: false,
    })
    return { 'x-api-key': key, 'user-agent': 'crowdsec-test-bouncer/v1.2' }
  }
}

/** The body of an alert about 192.0.2.7, seen when the test clock starts. */
export function alertBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    scenario: 'test/ssh-bf',
    scenario_hash: 'h',
    scenario_version: '1.0',
    message: 'Ip 192.0.2.7 performed ssh-bf',
    events_count: 6,
    capacity: 5,
    leakspeed: '10s',
    start_at: '2026-03-01T11:59:50Z',
    stop_at: '2026-03-01T12:00:00Z',
    simulated: false,
    remediation: true,
    kind: 'crowdsec',
    events: [
      { timestamp: '2026-03-01T11:59:59Z', meta: [{ key: 'source_ip', value: '192.0.2.7' }] },
    ],
    source: { scope: 'ip', value: '192.0.2.7', ip: '192.0.2.7', cn: 'FR', as_number: '64500' },
    ...changes,
  }
}
