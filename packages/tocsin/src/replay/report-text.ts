import { isAbsolute, relative } from 'node:path'
import { escapeControls } from '@tocsin/diagnostic'
import type { Alert, Source } from '@tocsin/model'
import { formatCount, formatShare, formatSpan } from '../terminal/numbers.ts'
import type { Style } from '../terminal/style.ts'
import { type Column, formatTable } from '../terminal/table.ts'
import type { ReplayReport } from './report.ts'

const shownSources = 10
const shownScenarios = 20
const shownClusters = 5
const exampleLength = 140

/** The report as a person reads it: what was read, what was found, who did it, what is next. */
export function formatReport(report: ReplayReport, style: Style): string {
  const sections = [
    formatSources(report, style),
    formatFindings(report, style),
    formatScenarios(report, style),
    formatAttackers(report, style),
    formatUnparsed(report, style),
    formatFailures(report, style),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function formatSources(report: ReplayReport, style: Style): string[] {
  const columns: Column[] = [
    { title: 'log' },
    { title: 'type' },
    { title: 'lines', align: 'right' },
    { title: 'parsed', align: 'right' },
    { title: '' },
  ]
  const rows = report.sources.map((source) => [
    escapeControls(shortPath(source.name)),
    source.isGuessed ? `${source.type} (guessed)` : source.type,
    formatCount(source.lines),
    formatShare(source.parsed, source.lines),
    [
      source.failure === undefined ? '' : style.red(escapeControls(source.failure)),
      source.truncated > 0 ? style.yellow(`${formatCount(source.truncated)} lines cut`) : '',
    ]
      .filter((note) => note !== '')
      .join('; '),
  ])
  return formatTable(columns, rows)
}

/** A path as it is shorter: from here, or as it was given. */
function shortPath(path: string): string {
  if (!isAbsolute(path)) return path
  const fromHere = relative('', path)
  return fromHere.length < path.length ? fromHere : path
}

function formatFindings(report: ReplayReport, style: Style): string[] {
  const { alerts, decisions } = report
  const attackers = new Set(alerts.map((alert) => `${alert.source.scope} ${alert.source.value}`))
  const rate = report.seconds > 0 ? report.lines / report.seconds : 0
  const lines = [
    `${style.bold(`${formatCount(alerts.length)} alerts`)} about ${formatCount(attackers.size)} sources, ${style.bold(`${formatCount(decisions.length)} decisions`)}`,
    style.dim(
      `${formatCount(report.lines)} lines in ${formatSpan(report.seconds * 1000)}, ${formatCount(rate)} lines/s, after ${formatSpan(report.loadSeconds * 1000)} of loading rules`,
    ),
  ]
  if (report.firstAt !== undefined && report.lastAt !== undefined) {
    const span = Date.parse(report.lastAt) - Date.parse(report.firstAt)
    lines.push(
      style.dim(`the logs tell of ${formatSpan(span)}: ${report.firstAt} to ${report.lastAt}`),
    )
  }
  if (alerts.length === 0 && report.parsed > 0) {
    lines.push('Nobody attacked, as far as these rules can tell.')
  }
  return lines
}

function formatScenarios(report: ReplayReport, style: Style): string[] {
  const counts = new Map<string, { alerts: number; sources: Set<string>; events: number }>()
  for (const alert of report.alerts) {
    const count = counts.get(alert.scenario) ?? { alerts: 0, sources: new Set(), events: 0 }
    counts.set(alert.scenario, count)
    count.alerts++
    count.events += alert.eventsCount
    count.sources.add(alert.source.value)
  }
  if (counts.size === 0) return []
  const rows = [...counts]
    .sort(([, a], [, b]) => b.alerts - a.alerts)
    .slice(0, shownScenarios)
    .map(([name, { alerts, sources, events }]) => [
      escapeControls(name),
      formatCount(alerts),
      formatCount(sources.size),
      formatCount(events),
    ])
  return [
    style.bold('What happened'),
    ...formatTable(
      [
        { title: 'scenario' },
        { title: 'alerts', align: 'right' },
        { title: 'sources', align: 'right' },
        { title: 'events', align: 'right' },
      ],
      rows,
    ),
    ...more(counts.size - rows.length, 'scenarios', style),
  ]
}

interface Attacker {
  readonly source: Source
  alerts: Alert[]
}

function formatAttackers(report: ReplayReport, style: Style): string[] {
  const attackers = new Map<string, Attacker>()
  for (const alert of report.alerts) {
    const key = `${alert.source.scope} ${alert.source.value}`
    const attacker = attackers.get(key) ?? { source: alert.source, alerts: [] }
    attackers.set(key, attacker)
    attacker.alerts.push(alert)
  }
  if (attackers.size === 0) return []
  const decided = new Map(report.decisions.map((d) => [`${d.scope} ${d.value}`, d]))
  const hasOrigins = report.alerts.some(
    ({ source }) => source.country !== '' || source.asName !== '',
  )
  const rows = [...attackers]
    .sort(([, a], [, b]) => eventCount(b) - eventCount(a))
    .slice(0, shownSources)
    .map(([key, { source, alerts }]) => {
      const decision = decided.get(key)
      const names = [...new Set(alerts.map((alert) => alert.scenario.split('/').at(-1) ?? ''))]
      return [
        escapeControls(source.scope === 'Ip' ? source.value : `${source.scope} ${source.value}`),
        decision ? style.red(`${decision.type} ${decision.duration}`) : '–',
        formatCount(eventCount({ source, alerts })),
        ...(hasOrigins ? [source.country, escapeControls(source.asName)] : []),
        escapeControls(names.join(', ')),
      ]
    })
  const columns: Column[] = [
    { title: 'source' },
    { title: 'decision' },
    { title: 'events', align: 'right' },
    ...(hasOrigins ? [{ title: 'country' }, { title: 'network' }] : []),
    { title: 'scenarios' },
  ]
  return [
    style.bold('Who did it'),
    ...formatTable(columns, rows),
    ...more(attackers.size - rows.length, 'sources', style),
  ]
}

function eventCount({ alerts }: Attacker): number {
  return alerts.reduce((sum, alert) => sum + alert.eventsCount, 0)
}

function formatUnparsed(report: ReplayReport, style: Style): string[] {
  if (report.unparsed === 0) return []
  const shown = report.clusters.slice(0, shownClusters)
  const rest = report.clusters.length - shown.length
  return [
    `${style.bold('Lines no parser took')}: ${formatCount(report.unparsed)} of ${formatCount(report.lines)} (${formatShare(report.unparsed, report.lines)})`,
    ...shown.map((cluster) => {
      const example = escapeControls(cluster.example)
      const text = example.length > exampleLength ? `${example.slice(0, exampleLength)}…` : example
      return `${formatCount(cluster.count).padStart(9)}  ${text}`
    }),
    ...more(rest, 'kinds of lines', style),
  ]
}

function formatFailures(report: ReplayReport, style: Style): string[] {
  if (report.failures.length === 0) return []
  return [
    style.yellow('Rules that failed while they ran'),
    ...report.failures
      .slice(0, shownClusters)
      .map(
        ({ rule, part, reason, count }) =>
          `${formatCount(count).padStart(9)}  ${rule}: ${escapeControls(part)}: ${escapeControls(reason)}`,
      ),
    ...more(report.failures.length - shownClusters, 'failures', style),
  ]
}

function more(count: number, what: string, style: Style): string[] {
  return count > 0 ? [style.dim(`… and ${formatCount(count)} more ${what} (-o json has all)`)] : []
}
