import { join } from 'node:path'
import { Checkpoint, describeVerdict, type Source } from '@tocsin/acquisition'
import type { ServerConfig } from '@tocsin/config'
import type { Detection } from '@tocsin/engine'
import {
  createApiKey,
  type DecisionHistory,
  hashPassword,
  type Lapi,
  readOwnAddresses,
  type StoredAlert,
  startLapi,
} from '@tocsin/lapi'
import { type Clock, systemClock } from '@tocsin/model'
import type { Profile } from '@tocsin/profile'
import type { Store } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { readVersion } from '../version.ts'
import { startControlServer } from './control-server.ts'
import { DetectionRole } from './detection-role.ts'
import { explainAddress } from './explain-address.ts'
import { SpoolingOutlet } from './spooling-outlet.ts'
import type { DaemonStatus } from './status.ts'

/** A bouncer that asked within this time counts as enforcing. */
const enforcingWithinMs = 5 * 60_000
const shownClusters = 10

/** What a daemon is made of; the parts below know nothing of each other. */
export interface DaemonParts {
  /** A private folder for everything that must outlive the process. */
  readonly stateDirectory: string
  readonly server: ServerConfig
  readonly store: Store
  readonly history: DecisionHistory
  readonly profiles: readonly Profile[]
  readonly detection: Detection
  /** How many problems the rules had. */
  readonly ruleProblems: number
  readonly sources: readonly Source[]
  readonly log: Log
  readonly sshConnection: string | undefined
  readonly tokenSecret: string | undefined
  /** Told of alerts that were stored; must not wait. */
  readonly onStored: (alerts: readonly StoredAlert[]) => void
  /** Reads the rules again; undefined, having said why, when they are worse than those at work. */
  readonly reloadRules: () =>
    | { readonly detection: Detection; readonly problems: number }
    | undefined
}

/** The engine and the Local API in one process, until it is disposed. */
export class Daemon implements AsyncDisposable {
  readonly #parts: DaemonParts
  readonly #clock: Clock = systemClock
  readonly #startedMs: number
  readonly #resources: AsyncDisposableStack
  readonly #lapi: Lapi
  readonly #outlet: SpoolingOutlet
  readonly #detection: DetectionRole
  #ruleProblems: number

  private constructor(
    parts: DaemonParts,
    resources: AsyncDisposableStack,
    lapi: Lapi,
    outlet: SpoolingOutlet,
    detection: DetectionRole,
  ) {
    this.#parts = parts
    this.#resources = resources
    this.#lapi = lapi
    this.#outlet = outlet
    this.#detection = detection
    this.#ruleProblems = parts.ruleProblems
    this.#startedMs = this.#clock.nowMs()
  }

  /** Starts everything; what was started is stopped again when a later part fails. */
  static async start(parts: DaemonParts): Promise<Daemon> {
    const { stateDirectory, store, log } = parts
    await using resources = new AsyncDisposableStack()
    const machineId = await localMachine(store)
    const lapi = resources.use(await startLocalApi(parts))
    const outlet = resources.use(
      new SpoolingOutlet({
        directory: join(stateDirectory, 'spool'),
        send: (bodies) => lapi.receive(bodies, machineId),
        log,
      }),
    )
    const checkpoint = await Checkpoint.open(join(stateDirectory, 'checkpoint.json'), log)
    const { detection, sources } = parts
    const role = resources.use(new DetectionRole({ detection, sources, outlet, checkpoint, log }))
    const daemon = new Daemon(parts, resources.move(), lapi, outlet, role)
    daemon.#resources.use(
      await startControlServer(controlSocket(stateDirectory), {
        'GET /status': () => daemon.status(),
        'GET /why': (query) => explainAddress(query.get('value') ?? '', store, parts.server),
        'POST /reload': () => ({ reloaded: daemon.reload() }),
      }),
    )
    role.start()
    return daemon
  }

  get addresses(): readonly string[] {
    return this.#lapi.addresses
  }

  /** Reads the rules again; buckets keep what they hold. False when the old ones stay. */
  reload(): boolean {
    const { log, reloadRules } = this.#parts
    const rules = reloadRules()
    if (!rules) return false
    this.#detection.replaceRules(rules.detection)
    this.#ruleProblems = rules.problems
    log.info({ problems: rules.problems }, 'rules are reloaded')
    return true
  }

  status(): DaemonStatus {
    const { store, sources } = this.#parts
    const { engine, detection } = this.#detection
    const { statistics } = engine
    const nowMs = this.#clock.nowMs()
    const bouncers = store.bouncers.list()
    const { parsers, postoverflows, scenarios } = detection.rules
    return {
      version: readVersion(),
      pid: process.pid,
      started_at: new Date(this.#startedMs).toISOString(),
      listening: this.#lapi.addresses,
      is_enforced: bouncers.some(({ lastPullMs = 0 }) => nowMs - lastPullMs < enforcingWithinMs),
      sources: sources.map((source) => {
        const { health } = source
        const { verdict } = health
        return {
          name: source.name,
          type: source.labels.type ?? '',
          verdict,
          description: describeVerdict(verdict),
          streams: health.streams.length,
          lines: health.streams.reduce((sum, stream) => sum + stream.lineCount, 0),
          parsed: health.streams.reduce((sum, stream) => sum + stream.parsedCount, 0),
        }
      }),
      lines: statistics.lines,
      parsed: statistics.parsed,
      unparsed: statistics.unparsed,
      buckets: engine.bucketCount,
      alerts_waiting: this.#outlet.waiting,
      decisions: store.decisions.size,
      bouncers: bouncers.map(({ name, lastPullMs }) => ({
        name,
        last_pull: lastPullMs === undefined ? null : new Date(lastPullMs).toISOString(),
      })),
      rules: {
        parsers: parsers.nodes.length,
        scenarios: scenarios.length,
        postoverflows: postoverflows.nodes.length,
        problems: this.#ruleProblems,
        failures: detection.failures.list().length,
      },
      unparsed_clusters: statistics.unparsedLines
        .largest(shownClusters)
        .map(({ count, example }) => ({ count, example })),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync()
  }
}

/** Where the administrator's commands reach a daemon. */
export function controlSocket(stateDirectory: string): string {
  return join(stateDirectory, 'control.sock')
}

function startLocalApi(parts: DaemonParts): Promise<Lapi> {
  const { server, store, history, profiles, log, sshConnection, tokenSecret, onStored } = parts
  return startLapi(
    {
      server,
      version: readVersion(),
      ...(tokenSecret === undefined ? {} : { tokenSecret }),
    },
    {
      store,
      clock: systemClock,
      log,
      history,
      profiles,
      ownAddresses: () => readOwnAddresses(sshConnection),
      onStored,
    },
  )
}

/** The machine that alerts of this process belong to; nobody can log in as it. */
async function localMachine(store: Store): Promise<string> {
  const machineId = 'tocsin-local'
  if (!store.machines.find(machineId)) {
    await store.machines.add({
      machineId,
      passwordHash: await hashPassword(createApiKey()),
      ipAddress: '127.0.0.1',
      isValidated: true,
      authType: 'password',
    })
  }
  return machineId
}
