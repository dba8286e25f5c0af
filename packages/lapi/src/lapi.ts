import { lookup } from 'node:dns/promises'
import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import type { ServerConfig } from '@tocsin/config'
import type { Clock } from '@tocsin/model'
import type { Profile } from '@tocsin/profile'
import type { AlertBody, Operation } from '@tocsin/protocol'
import type { Store } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { BouncerAuth } from './auth/bouncer-auth.ts'
import type { CertificatePolicy } from './auth/certificate-check.ts'
import { FailureLimiter } from './auth/failure-limiter.ts'
import { MachineAuth } from './auth/machine-auth.ts'
import { Revocations } from './auth/revocation.ts'
import { readTlsSettings, TlsFiles } from './auth/tls-settings.ts'
import { loadTokenSecret } from './auth/token-secret.ts'
import { AllowlistEnforcer } from './guard/allowlist-enforcer.ts'
import { Guard } from './guard/guard.ts'
import { NameResolver, type ResolveName } from './guard/name-resolver.ts'
import { fixedEntries, NeverBan, type NeverBanEntry } from './guard/never-ban.ts'
import type { Call } from './http/call.ts'
import { type App, createApp } from './http/create-app.ts'
import {
  defaultTimeouts,
  type Listener,
  listenSocket,
  listenTcp,
  type Timeouts,
} from './http/listeners.ts'
import { AlertIntake, type StoredAlert } from './ingest/alert-intake.ts'
import type { DecisionHistory } from './ingest/decision-history.ts'
import { LapiMetrics, type MetricsLevel } from './metrics.ts'
import { alertRoutes } from './routes/alert-routes.ts'
import { allowlistRoutes } from './routes/allowlist-routes.ts'
import { decisionRoutes } from './routes/decision-routes.ts'
import type { Identity } from './routes/handler.ts'
import { healthRoutes } from './routes/health-routes.ts'
import { usageRoutes } from './routes/usage-routes.ts'
import { watcherRoutes } from './routes/watcher-routes.ts'
import { Schedule } from './schedule.ts'

/** What a Local API is told about itself. */
export interface LapiSettings {
  readonly server: ServerConfig
  readonly version: string
  /** Signs tokens; one kept in the database when absent. */
  readonly tokenSecret?: string
  readonly metricsLevel?: MetricsLevel
  readonly timeouts?: Timeouts
}

/** What a Local API is given. */
export interface LapiDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly profiles: readonly Profile[]
  /** What was decided before; give the same to the functions that profiles call. */
  readonly history?: DecisionHistory
  /** What this machine must not lock out; asked again every minute. */
  readonly ownAddresses?: () => Promise<readonly NeverBanEntry[]>
  /** The addresses of a name; that of the system when absent. */
  readonly resolveName?: ResolveName
  readonly onStored?: (alerts: readonly StoredAlert[]) => void
  readonly onDeleted?: (uuids: readonly string[]) => void
}

/** A Local API that answers until it is disposed. The store stays open: who opened it closes it. */
export interface Lapi extends AsyncDisposable {
  /** `['http://127.0.0.1:8080', '/run/tocsin.sock']`. */
  readonly addresses: readonly string[]
  readonly metrics: LapiMetrics
  /** Whom not to act upon; lists that are taken over from elsewhere must pass it. */
  readonly guard: Guard
  /** Takes alerts of this process, as the API takes those of a machine; resolves once they are stored. */
  receive(alerts: readonly AlertBody[], machineId: string): Promise<void>
  /** Applies allowlists and resolves names now; runs by itself. */
  refreshGuard(): Promise<void>
}

/**
 * Starts a Local API: opens its listeners and keeps house in the background.
 * @throws {Error} When a listener cannot be opened or a certificate cannot be read.
 */
export async function startLapi(settings: LapiSettings, deps: LapiDeps): Promise<Lapi> {
  const { server } = settings
  const { store, log } = deps
  const secret = await loadTokenSecret(store.config, settings.tokenSecret)
  const metrics = new LapiMetrics(settings.metricsLevel ?? 'full', settings.version, store)
  const guard = new Guard(store.allowlists, new NeverBan(await neverBanEntries(server, deps)))
  const resolver = new NameResolver(store.allowlists, deps.resolveName ?? resolveBySystem, log)
  const enforcer = new AllowlistEnforcer(store, guard, log)
  const newUuid = (): string => crypto.randomUUID()
  const intake = new AlertIntake({ ...deps, guard, newUuid })
  const app = await createLapiApp({ secret, metrics, guard, intake, settings, deps })
  const refreshGuard = async (): Promise<void> => {
    if (resolver.hasNews()) await resolver.refresh()
    await enforcer.apply(resolver.addresses())
  }
  await refreshGuard()
  const schedule = new Schedule(log)
  schedule.every(1_000, 'apply allowlists', refreshGuard)
  schedule.every(60_000, 'resolve allowlisted names', () => resolver.refresh())
  schedule.every(60_000, 'look for own addresses', async () => {
    guard.neverBan = new NeverBan(await neverBanEntries(server, deps))
  })
  schedule.every(60_000, 'delete what is too old', async () => {
    await store.runRetention()
  })
  const listeners = await openListeners(settings, app, log)
  if (server.tls) renewCertificates(new TlsFiles(server.tls), listeners, schedule, log)
  const addresses = listeners.map(({ address }) => address)
  log.info({ addresses }, 'Local API listens')
  return {
    addresses,
    metrics,
    guard,
    receive: async (alerts, machineId) => {
      await intake.add(alerts, machineId)
    },
    refreshGuard,
    async [Symbol.asyncDispose]() {
      await schedule[Symbol.asyncDispose]()
      await Promise.all(listeners.map((listener) => listener[Symbol.asyncDispose]()))
      await app[Symbol.asyncDispose]()
    },
  }
}

async function neverBanEntries(server: ServerConfig, deps: LapiDeps): Promise<NeverBanEntry[]> {
  const own = server.neverBan.ownAddresses ? ((await deps.ownAddresses?.()) ?? []) : []
  return [...own, ...fixedEntries(server.neverBan.privateRanges)]
}

async function resolveBySystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true })
  return found.map(({ address }) => address).sort()
}

interface AppParts {
  readonly secret: string
  readonly metrics: LapiMetrics
  readonly guard: Guard
  readonly intake: AlertIntake
  readonly settings: LapiSettings
  readonly deps: LapiDeps
}

/** Failures to log in that are forgiven: by machine and address, and by address alone. */
const machineFailures = { burst: 10, perMinute: 10 }
const addressFailures = { burst: 60, perMinute: 30 }

/** Refused requests that are logged: nobody shall fill the disk with them. */
const loggedRefusals = { burst: 3, perMinute: 1 }

function createLapiApp({ secret, metrics, guard, intake, settings, deps }: AppParts): Promise<App> {
  const { server } = settings
  const { store, clock, log } = deps
  const auth = new MachineAuth(store.machines, secret, clock)
  const certificates = certificatePolicies(server, deps)
  const bouncers = new BouncerAuth({
    store: store.bouncers,
    clock,
    log,
    certificates: certificates.bouncers,
  })
  const registration = server.autoRegistration
  return createApp({
    handlers: {
      ...healthRoutes(store),
      ...watcherRoutes({
        machines: store.machines,
        auth,
        secret,
        clock,
        log,
        certificates: certificates.machines,
        machineLimiter: new FailureLimiter(clock, machineFailures),
        addressLimiter: new FailureLimiter(clock, addressFailures),
        refusesRemoteRegistration: server.refusesRemoteRegistration,
        autoRegistration: registration && {
          token: registration.token,
          allowedRanges: readRanges(registration.allowedRanges, 'allowed_ranges'),
        },
      }),
      ...alertRoutes({
        store,
        clock,
        intake,
        trustedIps: readRanges(server.trustedIps, 'trusted_ips'),
      }),
      ...decisionRoutes({ store, clock, metrics, ...onDeletedOf(deps) }),
      ...allowlistRoutes(store.allowlists, guard),
      ...usageRoutes(store),
    },
    identify: (operation, call) => identify(operation, call, auth, bouncers),
    trustedProxies: readRanges(server.trustedProxies, 'trusted_proxies'),
    refusals: new FailureLimiter(clock, loggedRefusals),
    logsRequests: server.logLevel === 'debug' || server.logLevel === 'trace',
    metrics,
    log,
  })
}

function onDeletedOf({ onDeleted }: LapiDeps): Pick<LapiDeps, 'onDeleted'> {
  return onDeleted ? { onDeleted } : {}
}

function certificatePolicies(
  server: ServerConfig,
  { clock, log }: LapiDeps,
): { readonly machines: CertificatePolicy; readonly bouncers: CertificatePolicy } {
  const path = server.tls?.crlPath
  const lists = path === undefined ? undefined : new Revocations(path, clock, log)
  const revocation: CertificatePolicy['revocation'] = (peer) => lists?.reasonAgainst(peer)
  return {
    machines: { units: server.tls?.agentUnits ?? [], revocation },
    bouncers: { units: server.tls?.bouncerUnits ?? [], revocation },
  }
}

const anyone: Identity = { kind: 'anyone' }

function identify(
  operation: Operation,
  call: Call,
  machines: MachineAuth,
  bouncers: BouncerAuth,
): Identity | Promise<Identity> {
  switch (operation.caller) {
    case 'anyone':
      return anyone
    case 'machine':
      return { kind: 'machine', machine: machines.machineOf(call) }
    case 'bouncer':
      return identifyBouncer(call, bouncers)
    case 'machine or bouncer': {
      const hasKey = call.headers['x-api-key'] !== undefined
      const hasToken = call.headers.authorization !== undefined
      const isMachine = !hasKey && (hasToken || call.userAgent.startsWith('crowdsec/'))
      if (isMachine) return { kind: 'machine', machine: machines.machineOf(call) }
      return identifyBouncer(call, bouncers)
    }
  }
}

function identifyBouncer(call: Call, bouncers: BouncerAuth): Identity | Promise<Identity> {
  const found = bouncers.bouncerOf(call)
  if (!(found instanceof Promise)) return { kind: 'bouncer', bouncer: found }
  return found.then((bouncer) => ({ kind: 'bouncer', bouncer }))
}

async function openListeners(settings: LapiSettings, app: App, log: Log): Promise<Listener[]> {
  const { listenUri, listenSocket: path, tls } = settings.server
  const options = { timeouts: settings.timeouts ?? defaultTimeouts, log }
  const listeners: Listener[] = []
  if (listenUri !== undefined) {
    const tlsSettings = tls && readTlsSettings(tls)
    listeners.push(await listenTcp(readPlace(listenUri), tlsSettings, app.serve, options))
  }
  if (path !== undefined) listeners.push(await listenSocket(path, app.serve, options))
  if (listeners.length === 0) throw new Error('no listen_uri or listen_socket specified')
  return listeners
}

function renewCertificates(
  files: TlsFiles,
  listeners: readonly Listener[],
  schedule: Schedule,
  log: Log,
): void {
  schedule.every(10_000, 'look for renewed certificates', async () => {
    const changed = files.changed()
    if (!changed) return
    for (const { renew } of listeners) renew?.(changed)
    log.info({}, 'certificates renewed')
  })
}

/** `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address. */
function readPlace(uri: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(uri)
  const port = Number(match?.[3])
  if (!match || port > 65_535) {
    throw new Error(`listen_uri must be an address and a port such as 127.0.0.1:8080, not "${uri}"`)
  }
  return { host: match[1] ?? (match[2] || '::'), port }
}

function readRanges(texts: readonly string[], key: string): AddressRange[] {
  return texts.map((text) => {
    const range = parseAddressOrRange(text)
    if (!range) throw new Error(`${key}: "${text}" is neither an address nor a range`)
    return range
  })
}
