import type { Alert, Clock, Decision } from '@tocsin/model'
import { applyProfiles, type Profile, type ProfileOutcome } from '@tocsin/profile'
import { type AlertBody, alertFromBody, readWireDuration } from '@tocsin/protocol'
import type { NewAlert, NewDecision, Store } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { deliberateOrigins, type Guard } from '../guard/guard.ts'
import { refusal } from '../http/answer.ts'
import { decisionEndMs } from './decision-end.ts'
import { asksForHistory, type DecisionHistory } from './decision-history.ts'
import { fitEvents, fitMeta } from './fit-meta.ts'

/** An alert that was stored, for those who tell others about it. */
export interface StoredAlert {
  readonly alert: Alert
  readonly row: NewAlert
  /** Profiles that matched and name notifications. */
  readonly matched: readonly Profile[]
}

export interface IntakeDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly guard: Guard
  readonly profiles: readonly Profile[]
  readonly newUuid: () => string
  /** Loaded before profiles are tried, when they ask for it. */
  readonly history?: DecisionHistory
  /** Told of what was stored, after the answer is certain; must not wait. */
  readonly onStored?: (alerts: readonly StoredAlert[]) => void
}

/** What became of a request. */
export interface Intake {
  readonly ids: readonly string[]
  readonly skipped: number
}

/** Takes alerts in: allowlists, profiles, then the database. */
export class AlertIntake {
  readonly #deps: IntakeDeps
  readonly #needsHistory: boolean

  constructor(deps: IntakeDeps) {
    this.#deps = deps
    this.#needsHistory = deps.history !== undefined && asksForHistory(deps.profiles)
  }

  /**
   * Stores alerts and decides about them. The ids are in the order of the input, without alerts that
   * were skipped. @throws {Refusal} 400 when a decision has no readable duration: nothing is stored then.
   */
  async add(bodies: readonly AlertBody[], machineId: string): Promise<Intake> {
    const { store, clock, history, onStored } = this.#deps
    const past = this.#needsHistory
      ? await history?.fetch(bodies.map(({ source }) => source.value))
      : undefined
    if (past) history?.use(past)
    const nowMs = clock.nowMs()
    const accepted: StoredAlert[] = []
    for (const body of bodies) {
      const stored = this.#consider(body, machineId, nowMs)
      if (stored) accepted.push(stored)
    }
    const ids = await store.alerts.insert(accepted.map(({ row }) => row))
    store.machines.touchPush(machineId)
    for (const { row } of accepted) this.#logStored(row)
    onStored?.(accepted)
    return { ids, skipped: bodies.length - ids.length }
  }

  #consider(body: AlertBody, machineId: string, nowMs: number): StoredAlert | undefined {
    const { log } = this.#deps
    const { alert, unreadTimes } = alertFromBody(body, nowMs)
    const { scenario } = alert
    if (unreadTimes.length > 0) {
      log.warn({ machine: machineId, scenario, unreadTimes }, 'alert has unreadable times')
    }
    const hadDecisions = alert.decisions.length > 0
    if (hadDecisions) this.#dropAllowlisted(alert)
    else if (this.#isAllowlisted(alert)) return undefined
    if (hadDecisions && alert.decisions.length === 0) return undefined
    const outcome = this.#decide(alert)
    alert.decisions.push(...outcome.decisions)
    return { alert, row: this.#row(alert, machineId, nowMs), matched: outcome.matched }
  }

  #isAllowlisted({ source, scenario }: Alert): boolean {
    const reason = this.#deps.guard.reasonAgainst(source.scope, source.value)
    if (reason === undefined) return false
    const fields = { value: source.value, scenario, reason }
    this.#deps.log.info(fields, 'alert source is allowlisted, skipping')
    return true
  }

  #dropAllowlisted(alert: Alert): void {
    alert.decisions = alert.decisions.filter(({ origin, scope, value }) => {
      if (deliberateOrigins.has(origin)) return true
      const reason = this.#deps.guard.reasonAgainst(scope, value)
      if (reason === undefined) return true
      this.#deps.log.info({ value, origin, reason }, 'decision is allowlisted, skipping')
      return false
    })
  }

  /** A profile that cannot be evaluated costs its decision, not the alert, nor those beside it. */
  #decide(alert: Alert): ProfileOutcome {
    const { profiles, newUuid, log } = this.#deps
    const outcome = applyProfiles(alert, profiles, { newUuid })
    for (const { profile, expression, reason } of outcome.faults) {
      const fields = { profile: profile.name, expression, reason, scenario: alert.scenario }
      log.error(fields, 'profile cannot be evaluated')
    }
    return outcome
  }

  #row(alert: Alert, machineId: string, nowMs: number): NewAlert {
    const stopMs = alert.stopAt.epochMs
    return {
      uuid: this.#deps.newUuid(),
      machineId,
      scenario: alert.scenario,
      scenarioHash: alert.scenarioHash,
      scenarioVersion: alert.scenarioVersion,
      message: alert.message,
      eventsCount: alert.eventsCount,
      capacity: alert.capacity,
      leakSpeed: alert.leakSpeed,
      startMs: alert.startAt.epochMs,
      stopMs,
      isSimulated: alert.isSimulated,
      hasRemediation: alert.hasRemediation,
      kind: alert.kind,
      source: alert.source,
      events: fitEvents(alert.events),
      meta: fitMeta(alert.meta),
      labels: alert.labels,
      decisions: alert.decisions.map((decision) => this.#newDecision(decision, stopMs, nowMs)),
    }
  }

  #newDecision(decision: Decision, stopMs: number, nowMs: number): NewDecision {
    const duration = readWireDuration(decision.duration)
    if (!('nanos' in duration)) {
      throw refusal(400, `while parsing duration: ${duration.message}`)
    }
    return {
      uuid: this.#deps.newUuid(),
      origin: decision.origin,
      type: decision.type,
      scope: decision.scope,
      value: decision.value,
      scenario: decision.scenario,
      isSimulated: decision.isSimulated,
      untilMs: decisionEndMs(stopMs, duration.nanos / 1e6, nowMs),
    }
  }

  #logStored(row: NewAlert): void {
    const { machineId: machine, scenario, source, decisions } = row
    const [first] = decisions
    const fields = {
      machine,
      scenario,
      source: `${source.scope} ${source.value}`,
      country: source.country,
      as: source.asNumber,
      decisions: decisions.length,
      ...(first && {
        decision: `${first.type} on ${first.scope} ${first.value}`,
        origin: first.origin,
      }),
    }
    this.#deps.log.info(fields, 'alert stored')
  }
}
