import { createApiKey, hashApiKey } from '@tocsin/lapi'
import { systemClock } from '@tocsin/model'
import type { Store } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { startControlServer } from '../daemon/control-server.ts'
import type { Streams } from '../terminal/streams.ts'
import { readVersion } from '../version.ts'
import { createEnforcer } from './create-enforcer.ts'
import { createFirewallBouncer, sleep } from './firewall-bouncer.ts'
import { defaultFirewallSettings, type FirewallSettings } from './firewall-settings.ts'
import { firewallPaths } from './run-firewall.ts'
import { storeFeed } from './store-feed.ts'

const bouncerName = 'tocsin-local-firewall'

export interface LocalBlocking {
  readonly store: Store
  readonly stateDirectory: string
  readonly log: Log
  readonly streams: Streams
  /** What differs from `defaultFirewallSettings`. */
  readonly settings?: Partial<FirewallSettings>
}

/**
 * Enforces what this process decides with the firewall of this machine, until it is disposed. What
 * stands then goes on to stand. `tocsin bouncer verify` asks it, as it does a bouncer that runs alone.
 */
export async function blockLocally(options: LocalBlocking): Promise<AsyncDisposable> {
  const { store, stateDirectory, log, streams } = options
  const settings = { ...defaultFirewallSettings, ...options.settings }
  await knowOurselves(store)
  const enforcer = createEnforcer(settings, streams.stdout)
  // Fails now, not at the first attack, when there is no firewall to speak to.
  await enforcer.isWhole()
  const bouncer = createFirewallBouncer(settings, {
    feed: storeFeed({
      store,
      clock: systemClock,
      sleep,
      onRead: (position) => store.bouncers.setPosition(bouncerName, position),
    }),
    enforcer,
    log,
    env: streams.env,
    snapshotPath: firewallPaths(stateDirectory).snapshot,
  })
  const control = await startControlServer(firewallPaths(stateDirectory).control, {
    'GET /status': () => bouncer.status(),
    'GET /verify': () => bouncer.verify(),
  })
  const controller = new AbortController()
  const running = bouncer.run(controller.signal)
  return {
    async [Symbol.asyncDispose]() {
      controller.abort()
      await running
      await control[Symbol.asyncDispose]()
      await enforcer[Symbol.asyncDispose]()
    },
  }
}

/** A bouncer like others, so that whoever lists them sees who enforces; nobody knows its key. */
async function knowOurselves(store: Store): Promise<void> {
  if (store.bouncers.find(bouncerName)) return
  await store.bouncers.add({
    name: bouncerName,
    keyHash: hashApiKey(createApiKey()),
    ipAddress: '127.0.0.1',
    authType: 'api-key',
    isAutoCreated: false,
    type: 'crowdsec-firewall-bouncer',
    version: `v${readVersion()}`,
  })
}
