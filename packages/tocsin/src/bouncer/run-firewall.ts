import { mkdir } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { type Bouncer, type DecisionFeed, UsageMetrics } from '@tocsin/bouncer'
import type { BouncerClient } from '@tocsin/client'
import { systemClock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { startControlServer } from '../daemon/control-server.ts'
import { notifySystemd } from '../daemon/notify-systemd.ts'
import { streamLog } from '../lapi/stream-log.ts'
import { type Streams, writeText } from '../terminal/streams.ts'
import { readVersion } from '../version.ts'
import { clientOf } from './client-of.ts'
import { createEnforcer } from './create-enforcer.ts'
import { createFirewallBouncer, sleep } from './firewall-bouncer.ts'
import type { FeedSettings, FirewallSettings } from './firewall-settings.ts'
import { serveStatus } from './serve-status.ts'

const reportEveryMs = 900_000

/** Where a firewall bouncer keeps what it must not forget, and can be asked. */
export function firewallPaths(stateDirectory: string): {
  readonly snapshot: string
  readonly control: string
} {
  const path = (name: string): string => join(stateDirectory, name)
  return { snapshot: path('bouncer-firewall.snapshot'), control: path('bouncer-firewall.sock') }
}

/** Enforces until the signal fires. */
export async function runFirewall(
  settings: FirewallSettings,
  stateDirectory: string,
  streams: Streams,
  signal: AbortSignal,
): Promise<void> {
  const log = streamLog(streams.stderr, systemClock, { level: settings.logLevel, format: 'text' })
  const paths = firewallPaths(stateDirectory)
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
  using client = clientOf(settings.feed, 'firewall', log)
  await using enforcer = createEnforcer(settings, streams.stdout)
  const bouncer = createFirewallBouncer(settings, {
    feed: feedOf(client, settings.feed),
    enforcer,
    log,
    env: streams.env,
    // What would be done in a dry run must not be taken for what was decided.
    snapshotPath: settings.mode === 'dry-run' ? undefined : paths.snapshot,
  })
  await using _control = await startControlServer(paths.control, {
    'GET /status': () => bouncer.status(),
    'GET /verify': () => bouncer.verify(),
  })
  await using metrics = settings.prometheus
    ? await serveStatus(bouncer, settings.prometheus)
    : undefined
  const shown = metrics ? `, counters at ${metrics.address}` : ''
  await writeText(streams.stdout, `enforcing with ${enforcer.name}${shown}\n`)
  await notifySystemd('READY=1', streams.env, log)
  await Promise.all([bouncer.run(signal), reportUsage(bouncer, client, log, signal)])
}

/** The decisions as a feed: the server filters too, which spares the way. */
export function feedOf(client: BouncerClient, settings: FeedSettings): DecisionFeed {
  const { intervalMs, scopes, origins, scenariosContaining, scenariosNotContaining } = settings
  return (signal) =>
    client.stream({
      signal,
      intervalMs,
      // Who enforces decisions one by one must hear of each.
      dedup: false,
      ...(scopes && { scopes }),
      ...(origins && { origins }),
      ...(scenariosContaining && { scenariosContaining }),
      ...(scenariosNotContaining && { scenariosNotContaining }),
    })
}

/** Tells the server what was dropped, every quarter of an hour. */
async function reportUsage(
  bouncer: Bouncer,
  client: BouncerClient,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const usage = new UsageMetrics({
    type: 'crowdsec-firewall-bouncer',
    version: `v${readVersion()}`,
    os: { name: process.platform, version: release() },
    startedMs: systemClock.nowMs(),
  })
  while (!signal.aborted) {
    await sleep(reportEveryMs, signal)
    if (signal.aborted) return
    try {
      const drops = await bouncer.readDrops()
      const report = usage.report(drops, bouncer.held, systemClock.nowMs())
      await client.sendUsageMetrics(report, signal)
    } catch (error) {
      // An older server does not know the call; enforcing goes on without.
      log.warn({ error: error instanceof Error ? error.message : '' }, 'usage was not reported')
    }
  }
}
