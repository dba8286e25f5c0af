import type { Alert } from '@tocsin/model'
import type { ReplayReport } from './report.ts'

/** The report as `replay -o json` prints it. Keys are a contract: add, never rename. */
export function reportToJson(report: ReplayReport): object {
  return {
    lines: report.lines,
    parsed: report.parsed,
    unparsed: report.unparsed,
    whitelisted: report.whitelisted,
    undated: report.undated,
    poured: report.poured,
    seconds: report.seconds,
    load_seconds: report.loadSeconds,
    lines_per_second: report.seconds > 0 ? Math.round(report.lines / report.seconds) : 0,
    first_at: report.firstAt ?? null,
    last_at: report.lastAt ?? null,
    sources: report.sources.map((source) => ({
      name: source.name,
      type: source.type,
      type_guessed: source.isGuessed,
      lines: source.lines,
      parsed: source.parsed,
      unparsed: source.lines - source.parsed,
      truncated: source.truncated,
      failure: source.failure ?? null,
    })),
    parsers: report.parsers,
    alerts: report.alerts.map(alertToJson),
    decisions: report.decisions.map((decision) => ({
      scope: decision.scope,
      value: decision.value,
      type: decision.type,
      duration: decision.duration,
      scenario: decision.scenario,
      origin: decision.origin,
      simulated: decision.isSimulated,
    })),
    unparsed_clusters: report.clusters,
    unparsed_other: report.otherUnparsed,
    rule_failures: report.failures,
  }
}

function alertToJson(alert: Alert): object {
  const { source } = alert
  return {
    scenario: alert.scenario,
    scenario_version: alert.scenarioVersion,
    scenario_hash: alert.scenarioHash,
    message: alert.message,
    capacity: alert.capacity,
    leakspeed: alert.leakSpeed,
    events_count: alert.eventsCount,
    start_at: alert.startAt.toString(),
    stop_at: alert.stopAt.toString(),
    simulated: alert.isSimulated,
    remediation: alert.hasRemediation,
    kind: alert.kind,
    source: {
      scope: source.scope,
      value: source.value,
      ip: source.ip,
      range: source.range,
      as_number: source.asNumber,
      as_name: source.asName,
      cn: source.country,
      latitude: source.latitude,
      longitude: source.longitude,
    },
    meta: alert.meta,
    events: alert.events,
  }
}
