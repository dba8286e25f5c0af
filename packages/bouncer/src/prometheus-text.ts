import type { BouncerStatus } from './bouncer-status.ts'
import type { Drops } from './enforcer.ts'
import type { BanCount } from './usage-metrics.ts'

type Labels = Readonly<Record<string, string>>

/** What Prometheus reads: the names of the peers' firewall bouncer, and our own gauges. */
export function formatPrometheus(
  status: BouncerStatus,
  bans: readonly BanCount[],
  drops: readonly Drops[],
): string {
  const lines: string[] = []
  const metric = (name: string, type: 'gauge' | 'counter', help: string): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
  }
  const sample = (name: string, value: number, labels: Labels = {}): void => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`)
    lines.push(`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`)
  }
  metric('fw_bouncer_banned_ips', 'gauge', 'bans that stand')
  for (const { origin, family, count } of bans) {
    sample('fw_bouncer_banned_ips', count, { origin, ip_type: family === 4 ? 'ipv4' : 'ipv6' })
  }
  for (const unit of ['packets', 'bytes'] as const) {
    metric(`fw_bouncer_dropped_${unit}`, 'gauge', `${unit} kept out`)
    for (const drop of drops) {
      if (drop.origin === undefined) continue
      sample(`fw_bouncer_dropped_${unit}`, drop[unit], { origin: drop.origin })
    }
    metric(`fw_bouncer_processed_${unit}`, 'gauge', `${unit} looked at`)
    const processed = drops.find((drop) => drop.origin === undefined)
    if (processed) sample(`fw_bouncer_processed_${unit}`, processed[unit])
  }
  for (const [name, type, help, value] of ownMetrics(status)) {
    metric(name, type, help)
    sample(name, value)
  }
  return `${lines.join('\n')}\n`
}

type Row = readonly [string, 'gauge' | 'counter', string, number]

function ownMetrics(status: BouncerStatus): Row[] {
  const { sync, feed, totals } = status
  const rows: Row[] = [
    ['lapi_requests_total', 'counter', 'pulls of decisions', feed.pulls],
    ['lapi_requests_failures_total', 'counter', 'pulls that failed', feed.failures],
    ['tocsin_bouncer_expected', 'gauge', 'bans that should stand', status.expected],
    ['tocsin_bouncer_enforced', 'gauge', 'bans that do stand', status.enforced],
    ['tocsin_bouncer_excluded', 'gauge', 'bans left out for want of room', status.excluded],
    ['tocsin_bouncer_healthy', 'gauge', '1 when nothing is wrong', status.problems.length ? 0 : 1],
    ['tocsin_bouncer_drift_total', 'counter', 'bans others changed, repaired', totals.drift],
    ['tocsin_bouncer_rebuilds_total', 'counter', 'times all was made anew', totals.rebuilds],
    ['tocsin_bouncer_sync_failures_total', 'counter', 'syncs that failed', totals.syncFailures],
    ['tocsin_bouncer_refused_total', 'counter', 'decisions that cannot be right', totals.refused],
  ]
  if (sync) {
    rows.push(['tocsin_bouncer_sync_seconds', 'gauge', 'of the last sync', sync.durationMs / 1000])
  }
  return rows
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
