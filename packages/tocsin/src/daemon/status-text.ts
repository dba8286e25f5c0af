import { escapeControls } from '@tocsin/diagnostic'
import { formatCount, formatShare, formatSpan } from '../terminal/numbers.ts'
import type { Style } from '../terminal/style.ts'
import { formatTable } from '../terminal/table.ts'
import type { DaemonStatus, SourceStatus } from './status.ts'

const fine = new Set(['healthy', 'starting', 'idle'])
const shownClusters = 3

/** The status as a person reads it; what is wrong stands out, and says what to do. */
export function formatStatus(status: DaemonStatus, nowMs: number, style: Style): string {
  const up = formatSpan(nowMs - Date.parse(status.started_at))
  const lines = [
    `tocsin ${status.version} runs for ${up} (process ${status.pid})`,
    status.listening.length > 0 ? `Local API: ${status.listening.join(', ')}` : 'Local API: remote',
    formatEnforcement(status, style),
    '',
    ...formatSources(status.sources, style),
    '',
    `${formatCount(status.lines)} lines read, ${formatShare(status.parsed, status.lines)} parsed, ${formatCount(status.buckets)} buckets filling, ${formatCount(status.decisions)} decisions`,
    `${formatCount(status.rules.parsers)} parsers, ${formatCount(status.rules.scenarios)} scenarios`,
  ]
  if (status.alerts_waiting > 0) {
    lines.push(
      style.red(
        `${formatCount(status.alerts_waiting)} batches of alerts wait: the Local API does not take them`,
      ),
    )
  }
  if (status.rules.problems > 0) {
    lines.push(
      style.yellow(
        `${formatCount(status.rules.problems)} problems with the rules: tocsin check shows them`,
      ),
    )
  }
  lines.push(...formatUnparsed(status))
  return `${lines.join('\n')}\n`
}

function formatEnforcement({ is_enforced, bouncers }: DaemonStatus, style: Style): string {
  if (is_enforced) {
    const names = bouncers.filter((bouncer) => bouncer.last_pull !== null).map(({ name }) => name)
    return style.green(`enforced by ${names.map(escapeControls).join(', ')}`)
  }
  return style.red('detecting only: nothing enforces the decisions (tocsin bouncers add NAME)')
}

function formatSources(sources: readonly SourceStatus[], style: Style): string[] {
  if (sources.length === 0) return [style.red('no source is watched')]
  const rows = sources.map((source) => [
    escapeControls(source.name),
    source.type,
    formatCount(source.lines),
    formatShare(source.parsed, source.lines),
    fine.has(source.verdict) ? source.description : style.red(source.description),
  ])
  return formatTable(
    [
      { title: 'source' },
      { title: 'type' },
      { title: 'lines', align: 'right' },
      { title: 'parsed', align: 'right' },
      { title: 'verdict' },
    ],
    rows,
  )
}

function formatUnparsed({ unparsed, unparsed_clusters: clusters }: DaemonStatus): string[] {
  if (unparsed === 0) return []
  return [
    '',
    `${formatCount(unparsed)} lines no parser took, for example`,
    ...clusters
      .slice(0, shownClusters)
      .map(
        ({ count, example }) =>
          `${formatCount(count).padStart(9)}  ${escapeControls(example).slice(0, 120)}`,
      ),
  ]
}
