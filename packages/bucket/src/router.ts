import { DispatchIndex } from '@tocsin/expr'
import type { Event } from '@tocsin/model'
import { Match } from './match.ts'
import { type RuleFailures, reasonOf } from './rule-failures.ts'
import type { Rule, Scenario } from './scenario.ts'

/** A filter's answer for one event; scenarios with the same text share it. */
class SharedFilter {
  readonly rule: Rule
  /** Whether asking twice could differ: then nobody shares it. */
  readonly isPure: boolean
  /** The number of the event that `answer` is about. */
  asked = -1
  answer = false
  failure = ''

  constructor(rule: Rule) {
    this.rule = rule
    this.isPure = !rule.expression.hasSideEffects
  }
}

/**
 * Tells which scenarios want an event. It holds no buckets, so it may run elsewhere than they do.
 * A scenario whose expression fails is left out for this event, and it alone.
 * Hot path: once per event, see bench/pour.bench.ts.
 */
export class Router {
  readonly #scenarios: readonly Scenario[]
  readonly #filters: readonly SharedFilter[]
  readonly #index: DispatchIndex
  readonly #failures: RuleFailures
  readonly #candidates: number[] = []
  #serial = 0

  constructor(scenarios: readonly Scenario[], failures: RuleFailures) {
    this.#scenarios = scenarios
    this.#failures = failures
    const byText = new Map<string, SharedFilter>()
    this.#filters = scenarios.map(({ filter }) => {
      const shared = byText.get(filter.text) ?? new SharedFilter(filter)
      byText.set(filter.text, shared)
      return shared
    })
    const written = writtenKeys(scenarios)
    const isWritten = ([, dict, key]: readonly string[]) =>
      [...written].some((place) => {
        // What reads all of an event, or of a dictionary, reads the key too.
        if (dict === undefined || dict === place) return true
        return key === undefined ? place.startsWith(`${dict}.`) : place === `${dict}.${key}`
      })
    this.#index = new DispatchIndex(
      scenarios.map(({ filter: { expression } }) => ({
        requirements: expression.requirements.filter(({ path }) => !isWritten(path)),
        textRequirements: expression
          .textRequirements()
          .filter((tests) => !tests.some(({ reads }) => reads.some(isWritten))),
      })),
    )
  }

  /** Appends a match for every scenario that wants the event, in load order. */
  route(event: Event, matches: Match[]): void {
    const candidates = this.#candidates
    candidates.length = 0
    this.#index.collect(event, candidates)
    this.#serial++
    for (let i = 0; i < candidates.length; i++) {
      const index = candidates[i] as number
      if (this.#accepts(index, event)) this.#match(index, event, matches)
    }
  }

  #accepts(index: number, event: Event): boolean {
    const filter = this.#filters[index] as SharedFilter
    if (filter.asked !== this.#serial || !filter.isPure) {
      filter.asked = this.#serial
      filter.failure = ''
      try {
        const answer = filter.rule.expression.evaluate(event)
        filter.answer = answer === true
        if (typeof answer !== 'boolean') filter.failure = `a filter gave a ${typeof answer}`
      } catch (error) {
        filter.answer = false
        filter.failure = reasonOf(error)
      }
    }
    if (filter.failure !== '') this.#fail(index, 'filter', filter.rule, filter.failure)
    return filter.answer
  }

  #match(index: number, event: Event, matches: Match[]): void {
    const scenario = this.#scenarios[index] as Scenario
    let key = ''
    if (scenario.groupBy) {
      const value = this.#evaluate(index, 'groupby', scenario.groupBy, event)
      if (typeof value !== 'string') {
        if (value !== failed) {
          this.#fail(index, 'groupby', scenario.groupBy, `groupby gave a ${typeof value}`)
        }
        return
      }
      key = value
    }
    const isTrigger = scenario.type === 'trigger'
    const distinct = isTrigger ? undefined : this.distinctOf(index, event)
    const cancels = !isTrigger && this.cancelsOn(index, event)
    matches.push(new Match(index, key, distinct, cancels, event))
  }

  /** The value of `distinct`: undefined without one or when it failed, empty when it is no text. */
  distinctOf(index: number, event: Event): string | undefined {
    const rule = this.#scenarios[index]?.distinct
    if (!rule) return undefined
    const value = this.#evaluate(index, 'distinct', rule, event)
    if (value === failed) return undefined
    return typeof value === 'string' ? value : ''
  }

  /** Whether `cancel_on` is true. */
  cancelsOn(index: number, event: Event): boolean {
    const rule = this.#scenarios[index]?.cancelOn
    return rule !== undefined && this.#evaluate(index, 'cancel_on', rule, event) === true
  }

  #evaluate(index: number, part: string, rule: Rule, event: Event): unknown {
    try {
      return rule.expression.evaluate(event)
    } catch (error) {
      this.#fail(index, part, rule, reasonOf(error))
      return failed
    }
  }

  #fail(index: number, part: string, rule: Rule, reason: string): void {
    this.#failures.note(this.#scenarios[index]?.name ?? '', part, rule, reason)
  }
}

/** What an evaluation that threw gave. */
const failed = Symbol('failed')

/**
 * What filters write, as `Meta.cve`, or `Meta` when the key is computed: a filter's requirement on
 * it may come true while the event is being routed, so nothing may be decided by it beforehand.
 */
function writtenKeys(scenarios: readonly Scenario[]): Set<string> {
  const written = new Set<string>()
  for (const scenario of scenarios) {
    for (const rule of [scenario.filter, scenario.groupBy, scenario.distinct, scenario.cancelOn]) {
      for (const match of rule?.text.matchAll(writes) ?? []) {
        const key = match[2] ?? match[3]
        written.add(key === undefined ? `${match[1]}` : `${match[1]}.${key}`)
      }
    }
  }
  return written
}

const writes = /\bSet(Meta|Parsed)\b(?:\s*\(\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*,)?/g
