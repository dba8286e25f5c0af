import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Event } from '@tocsin/model'
import fc from 'fast-check'
import { Match } from './match.ts'
import { Router } from './router.ts'
import { RuleFailures } from './rule-failures.ts'
import { eventAt, eventRule, ruleOf, scenarioOf, TestRun } from './scenario.test-support.ts'
import type { Scenario } from './scenario.ts'

type Wanted = Readonly<Record<string, readonly string[]>>

/** A filter that requires `Meta` values, and says so. */
function requires(wanted: Wanted, asked: { count: number } = { count: 0 }) {
  const entries = Object.entries(wanted)
  const matches = ({ evt }: Readonly<Record<string, unknown>>) => {
    asked.count++
    return entries.every(([key, values]) => values.includes((evt as Event).meta[key] ?? ''))
  }
  const requirements = entries.map(([key, values]) => ({
    kind: 'equals' as const,
    path: ['evt', 'Meta', key],
    place: ['meta', key],
    values,
  }))
  return ruleOf(['evt'], matches, { text: JSON.stringify(wanted), requirements })
}

function route(scenarios: readonly Scenario[], event: Event): Match[] {
  const matches: Match[] = []
  new Router(scenarios, new RuleFailures()).route(event, matches)
  return matches
}

suite('Router', () => {
  test('matches carry the key, the distinct value and the cancellation', () => {
    const scenario = scenarioOf({
      distinct: eventRule(() => 'd'),
      cancelOn: eventRule(() => true),
    })
    const event = eventAt(0)
    assert.deepEqual(route([scenario], event), [new Match(0, '192.0.2.7', 'd', true, event)])
  })

  test('a failing filter or groupby costs only its own scenario', () => {
    const fails = eventRule(
      () => {
        throw new Error('member of nil')
      },
      { text: 'fails' },
    )
    const scenarios = [
      scenarioOf({ name: 'a', filter: fails }),
      scenarioOf({ name: 'b', groupBy: fails }),
      scenarioOf({ name: 'c', filter: eventRule(() => 'true', { text: 'no bool' }) }),
      scenarioOf({ name: 'd', groupBy: eventRule(() => 7, { text: 'no text' }) }),
      scenarioOf({ name: 'e' }),
      scenarioOf({ name: 'f', filter: fails }),
    ]
    const run = new TestRun(scenarios)
    const matches: Match[] = []
    run.set.route(eventAt(0), matches)
    run.set.route(eventAt(1), matches)
    assert.deepEqual(
      matches.map((match) => match.scenario),
      [4, 4],
    )
    const failures = run.set.drainFailures()
    assert.deepEqual(
      failures.map(({ scenario, part, count }) => `${scenario} ${part} ${count}`),
      ['a filter 2', 'b groupby 2', 'c filter 2', 'd groupby 2', 'f filter 2'],
    )
    assert.ok(failures[0]?.span)
    assert.deepEqual(run.set.drainFailures(), [])
  })

  test('a filter with the same text is asked once', () => {
    const asked = { count: 0 }
    const filter = requires({}, asked)
    assert.equal(route([scenarioOf({ filter }), scenarioOf({ filter })], eventAt(0)).length, 2)
    assert.equal(asked.count, 1)
  })

  test('what a filter writes, later scenarios see', () => {
    const writes = eventRule(
      (event) => {
        event.meta.cve = 'CVE-1'
        return true
      },
      { text: "evt.SetMeta('cve', 'CVE-1')", hasSideEffects: true },
    )
    const reads = requires({ cve: ['CVE-1'] })
    const others = Array.from({ length: 5 }, (_, i) =>
      scenarioOf({ filter: requires({ cve: [`CVE-${i + 5}`] }) }),
    )
    const scenarios = [scenarioOf({ filter: writes }), scenarioOf({ filter: reads }), ...others]
    assert.deepEqual(
      route(scenarios, eventAt(0)).map((match) => match.scenario),
      [0, 1],
    )
  })
})

suite('finding the scenarios of an event', () => {
  test('520 rules of one shape: those of other values are not asked', () => {
    const asked = { count: 0 }
    const scenarios = Array.from({ length: 520 }, (_, i) =>
      scenarioOf({
        ...{ name: `rule ${i}`, type: 'trigger', capacity: 0, groupBy: undefined },
        filter: requires({ service: ['sysmon'], id: [`${i % 26}`], rule: [`${i}`] }, asked),
      }),
    )
    const router = new Router(scenarios, new RuleFailures())
    const matches: Match[] = []
    for (let i = 0; i < 1000; i++) router.route(eventAt(i, { service: 'ssh' }), matches)
    assert.equal(asked.count, 0)
    router.route(eventAt(0, { service: 'sysmon', id: '3', rule: '29' }), matches)
    assert.deepEqual(
      matches.map((match) => match.scenario),
      [29],
    )
    assert.ok(asked.count <= 2, `${asked.count} filters were asked`)
  })

  test('law: finds every rule that matches, in order, each once', () => {
    const value = fc.constantFrom('', 'a', 'b', 'c')
    const wanted = fc.dictionary(
      fc.constantFrom('service', 'log_type', 'status'),
      fc.array(value, { minLength: 1, maxLength: 3 }),
    )
    const meta = fc.dictionary(fc.constantFrom('service', 'log_type', 'status'), value)
    const law = fc.property(fc.array(wanted, { maxLength: 40 }), meta, (rules, given) => {
      const scenarios = rules.map((rule) => scenarioOf({ filter: requires(rule) }))
      const expected = rules.flatMap((rule, index) =>
        Object.entries(rule).every(([key, values]) => values.includes(given[key] ?? ''))
          ? [index]
          : [],
      )
      const found = route(scenarios, eventAt(0, given)).map((match) => match.scenario)
      assert.deepEqual(found, expected)
    })
    fc.assert(law)
  })
})
