import { EvaluationError, type Expression, formatValue } from '@tocsin/expr'
import type { Alert, Decision } from '@tocsin/model'
import { normalDuration } from './decision-template.ts'
import type { DecisionTemplate, Profile } from './profile.ts'

/** What profiles made of one alert. */
export interface ProfileOutcome {
  /** Of the first matching profile; none when the alert already had some. */
  readonly decisions: readonly Decision[]
  /** Whose notifications are to be run. */
  readonly matched: readonly Profile[]
  /** Expressions that could not be evaluated, for the log. */
  readonly faults: readonly ProfileFault[]
  /** A fault in a profile whose `on_error` does not forgive: the alert is to be refused. */
  readonly isRefused: boolean
}

/** An expression of a profile that gave no usable value. */
export interface ProfileFault {
  readonly profile: Profile
  readonly expression: string
  /** `the result is 3, not true or false`. */
  readonly reason: string
}

/** What applying profiles needs from outside. */
export interface ApplyOptions {
  readonly newUuid: () => string
  /** Makes `on_failure: break` end the search; otherwise it has no effect, as rules in use expect. */
  readonly honoursOnFailure?: boolean
}

/**
 * Tries profiles in order. The first that matches gives its decisions; later ones only notify. An
 * alert that comes with decisions keeps them: profiles then are for notifications, faults forgiven.
 */
export function applyProfiles(
  alert: Alert,
  profiles: readonly Profile[],
  options: ApplyOptions,
): ProfileOutcome {
  const hasDecisions = alert.decisions.length > 0
  const matched: Profile[] = []
  const faults: ProfileFault[] = []
  let decisions: readonly Decision[] = []
  for (const profile of profiles) {
    const fault = faults.length
    const isMatch = matches(profile, alert, faults)
    const hasFault = faults.length > fault
    if (hasFault && profile.onError === 'fail' && !hasDecisions) {
      return { decisions: [], matched, faults, isRefused: true }
    }
    // After a fault nobody knows whether the source deserves it: no decisions, only notifications.
    const isForced = hasFault && profile.onError === 'apply' && !hasDecisions
    if (!isMatch && !isForced) {
      if (options.honoursOnFailure && profile.onFailure === 'break' && !hasFault) break
      continue
    }
    matched.push(profile)
    if (isMatch && !hasDecisions && decisions.length === 0) {
      decisions = decide(profile, alert, options, faults)
    }
    if (profile.onSuccess === 'break') break
  }
  return { decisions, matched, faults, isRefused: false }
}

/** Whether any filter is true; the first that cannot be evaluated ends the profile. */
function matches(profile: Profile, alert: Alert, faults: ProfileFault[]): boolean {
  for (const filter of profile.filters) {
    const value = evaluate(filter, profile, alert, faults)
    if (value === true) return true
    if (value === false) continue
    if (value !== failed) {
      const reason = `the result is ${formatValue(value, filter.type)}, not true or false`
      faults.push({ profile, expression: filter.source, reason })
    }
    return false
  }
  return false
}

function decide(
  profile: Profile,
  alert: Alert,
  options: ApplyOptions,
  faults: ProfileFault[],
): Decision[] {
  const duration = profile.duration && evaluateDuration(profile.duration, profile, alert, faults)
  return profile.decisions.map((template) => ({
    uuid: options.newUuid(),
    origin: template.origin === '' ? 'crowdsec' : `crowdsec/${template.origin}`,
    type: template.type,
    scope: template.scope === '' ? alert.source.scope : template.scope,
    // Even when the scope is another one: only the alert knows whom it is about.
    value: alert.source.value,
    duration: duration ?? template.duration,
    scenario: alert.scenario,
    isSimulated: isSimulated(template, alert),
  }))
}

function isSimulated(template: DecisionTemplate, alert: Alert): boolean {
  return template.isSimulated || alert.isSimulated
}

function evaluateDuration(
  expression: Expression,
  profile: Profile,
  alert: Alert,
  faults: ProfileFault[],
): string | undefined {
  const value = evaluate(expression, profile, alert, faults)
  if (value === failed) return undefined
  const text = formatValue(value, expression.type)
  const duration = normalDuration(text)
  if (duration !== undefined) return duration
  const reason = `the result is "${text}", not a duration longer than zero`
  faults.push({ profile, expression: expression.source, reason })
  return undefined
}

const failed = Symbol('failed')

function evaluate(
  expression: Expression,
  profile: Profile,
  alert: Alert,
  faults: ProfileFault[],
): unknown {
  try {
    return expression.evaluate(alert)
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    faults.push({ profile, expression: expression.source, reason: error.message })
    return failed
  }
}
