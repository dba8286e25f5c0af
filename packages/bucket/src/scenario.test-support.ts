import { SourceText } from '@tocsin/diagnostic'
import { type Clock, Event, Instant, Line, type TimeMode, timeMode } from '@tocsin/model'
import type { BucketStoreParts } from './bucket-store.ts'
import type { Rule, Scenario } from './scenario.ts'
import { ScenarioSet } from './scenario-set.ts'

/** A clock that stands until it is set. */
export class TestClock implements Clock {
  ms = Date.UTC(2026, 10, 22)
  nowMs(): number {
    return this.ms
  }
}

/** The beginning of all test logs. */
export const dayStart = Date.UTC(2026, 1, 12)

/** An event of a line `seconds` into the day. */
export function eventAt(
  seconds: number,
  meta: Readonly<Record<string, string>> = {},
  mode: TimeMode = timeMode.replay,
): Event {
  const time = new Instant(dayStart + Math.floor(seconds * 1000), (seconds * 1e9) % 1e6)
  const line = new Line('', 'test.log', 'file', {}, time)
  const event = new Event(0, mode, line, time)
  event.marshaledTime = time.toString()
  Object.assign(event.meta, { source_ip: '192.0.2.7' }, meta)
  return event
}

type Variables = Readonly<Record<string, unknown>>

/** What is told about a rule beside its function: its text is what is shared and judged by. */
export type RuleFacts = Partial<Pick<Rule, 'text'> & Omit<Rule['expression'], 'evaluate'>>

/** A rule that is a function of the variables by name. */
export function ruleOf(
  variables: readonly string[],
  evaluate: (given: Variables) => unknown,
  facts: RuleFacts = {},
): Rule {
  const call = (...given: unknown[]) =>
    evaluate(Object.fromEntries(variables.map((name, i) => [name, given[i]])))
  const rule = eventRule(() => undefined, { text: evaluate.toString(), ...facts })
  return { ...rule, variables, expression: { ...rule.expression, evaluate: call } }
}

/** A rule about the event alone; quick, for benchmarks. */
export function eventRule(evaluate: (event: Event) => unknown, facts: RuleFacts = {}): Rule {
  const { text = evaluate.toString(), requirements = [], reads = [] } = facts
  const { hasSideEffects = false, type = { kind: 'unknown' } } = facts
  return {
    ...{ text, variables: ['evt'], span: new SourceText('test.yaml', text).span(0, text.length) },
    expression: {
      evaluate: evaluate as (...variables: readonly unknown[]) => unknown,
      ...{ requirements, textRequirements: () => [], reads, hasSideEffects, type },
      structReads: () => undefined,
    },
  }
}

/** A rule about the queue. */
export function queueRule(evaluate: (events: readonly Event[]) => unknown): Rule {
  const variables = ['evt', 'queue', 'leaky']
  const call = ({ queue }: Variables) => evaluate((queue as { events: readonly Event[] }).events)
  return ruleOf(variables, call, { text: evaluate.toString() })
}

const second = 1e9

/** A leaky scenario by source_ip, capacity 1 and 10 s, but for what is given. */
export function scenarioOf(given: Partial<Scenario> = {}): Scenario {
  return {
    ...{ name: 'test/scenario', description: 'a test', type: 'leaky' },
    span: new SourceText('test.yaml', '').span(0, 0),
    filter: eventRule(() => true),
    groupBy: eventRule((event) => event.meta.source_ip ?? ''),
    ...{ distinct: undefined, cancelOn: undefined, condition: undefined },
    ...{ overflowFilter: undefined, bayesian: undefined, blackholeNanos: 0 },
    ...{ capacity: 1, leakSpeedNanos: 10 * second, durationNanos: 0, cacheSize: 0 },
    scope: { type: 'Ip', expression: undefined },
    ...{ labels: {}, hasRemediation: false, reprocess: false, isSimulated: false },
    ...{ isDebug: false, version: '', hash: '', data: [] },
    ...given,
  }
}

/** A set of scenarios with what came out of it. */
export class TestRun {
  readonly clock = new TestClock()
  readonly set: ScenarioSet
  readonly overflows: Event[] = []

  constructor(scenarios: readonly Scenario[], parts: Partial<BucketStoreParts> = {}) {
    this.set = new ScenarioSet(scenarios, { clock: this.clock, ...parts })
  }

  offer(...events: Event[]): this {
    for (const event of events) this.set.offer(event, this.overflows)
    return this
  }

  /** `192.0.2.7 @5 #2`: source, seconds into the day, events counted. */
  get summary(): string[] {
    return this.overflows.map(({ overflow }) => {
      const { alert } = overflow ?? {}
      const at = ((alert?.stopAt.epochMs ?? 0) - dayStart) / 1000
      return `${[...(overflow?.sources.keys() ?? [])].join('+')} @${at} #${alert?.eventsCount}`
    })
  }
}
