import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { SavedBuckets } from '@tocsin/bucket'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import type { RuleItem, RuleKind } from '@tocsin/hub'
import { type Alert, createTextDict, type TimeMode, timeMode } from '@tocsin/model'
import fc from 'fast-check'
import { createDetection } from './detection.ts'
import type { EngineObserver } from './engine.ts'
import { ReplayClock } from './replay-clock.ts'

const parser = `name: raw
grok: {pattern: '^%{NUMBER:second} %{IP:ip} %{WORD:word}$', apply_on: Line.Raw}
statics:
  - {target: evt.StrTime, expression: evt.Parsed.second}
  - {method: ParseDate, expression: evt.StrTime}
  - {target: MarshaledTime, expression: evt.Enriched.MarshaledTime}
  - {meta: source_ip, expression: evt.Parsed.ip}
  - {meta: word, expression: evt.Parsed.word}`

const scenario = (name: string, filter: string, more: string) =>
  `name: ${name}\ndescription: d\nfilter: "${filter}"\n${more}`
const leaky = 'type: leaky\ncapacity: 1\nleakspeed: 10s\ngroupby: evt.Meta.source_ip'
const trigger = 'type: trigger'

interface Rules {
  readonly scenarios: readonly string[]
  readonly postoverflows?: readonly (readonly [stage: string, yaml: string])[]
}

function detect({ scenarios, postoverflows = [] }: Rules, mode: TimeMode = timeMode.replay) {
  const item = (kind: RuleKind, stage: string, yaml: string, i: number): RuleItem => {
    const place = `${kind}${i}.yaml`
    const source = new SourceText(place, yaml)
    const local = { version: '', hash: '', isLocal: true }
    return { kind, stage, name: place, path: place, place, source, ...local }
  }
  const items = [
    item('parser', 's00-raw', parser, 0),
    ...postoverflows.map(([stage, yaml], i) => item('postoverflow', stage, yaml, i)),
    ...scenarios.map((yaml, i) => item('scenario', '', yaml, i)),
  ]
  const problems = new Problems()
  const services = { clock: new ReplayClock(0), findData: () => undefined }
  const detection = createDetection(items, services, problems)
  const errors = problems.list.filter((problem) => problem.severity === 'error')
  assert.deepEqual(errors.map(formatProblem), [])
  const alerts: Alert[] = []
  return {
    detection,
    alerts,
    run(lines: readonly string[], observer?: EngineObserver, saved?: SavedBuckets) {
      const engine = detection.createEngine({
        mode,
        onAlert: (alert) => alerts.push(alert),
        ...(observer ? { observer } : {}),
      })
      if (saved) engine.restoreBuckets(saved)
      const source = { name: 'test', module: 'file', labels: createTextDict() }
      for (const line of lines) engine.processLine(line, source, engine.now())
      return engine
    },
  }
}

const attack = ['1767225600 192.0.2.1 fail', '1767225605 192.0.2.1 fail']

suite('buckets that outlive their engine', () => {
  const scenarios = [
    scenario('bf', "evt.Meta.word == 'fail'", `${leaky}\nblackhole: 1m`),
    scenario('many', 'true', `${leaky}\ndistinct: evt.Meta.word`),
    scenario(
      'pair',
      'true',
      'type: conditional\ncapacity: -1\nleakspeed: 30s\ngroupby: evt.Meta.source_ip\ncondition: len(queue.Queue) >= 3',
    ),
  ]
  const words = ['fail', 'ok', 'fail', 'no']
  const line = ([second, host, word]: readonly [number, number, number]) =>
    `${1767225600 + second} 192.0.2.${host} ${words[word]}`
  const event = fc.tuple(fc.nat(60), fc.nat(2), fc.nat(3))

  test('saved and restored between any two lines, the alerts are the same', () => {
    const law = fc.property(fc.array(event, { maxLength: 25 }), fc.nat(25), (events, cut) => {
      const lines = events.sort((a, b) => a[0] - b[0]).map(line)
      const whole = detect({ scenarios })
      whole.run(lines)
      const parts = detect({ scenarios })
      const engine = parts.run(lines.slice(0, cut))
      const saved = JSON.parse(JSON.stringify(engine.saveBuckets()))
      parts.run(lines.slice(cut), undefined, saved)
      const shown = (alerts: readonly Alert[]) =>
        alerts.map(({ scenario, message, events: kept }) => ({ scenario, message, kept }))
      assert.deepEqual(shown(parts.alerts), shown(whole.alerts))
    })
    fc.assert(law, { numRuns: 60 })
  })

  test('a scenario that is gone takes its buckets along, the others go on', () => {
    const before = detect({ scenarios })
    const saved = before.run([line([0, 1, 0])]).saveBuckets()
    const after = detect({ scenarios: scenarios.slice(0, 1) })
    after.run([line([1, 1, 0])], undefined, saved)
    assert.deepEqual(
      after.alerts.map((alert) => `${alert.scenario} ${alert.eventsCount}`),
      ['bf 2'],
    )
  })
})

suite('from lines to alerts', () => {
  test('a bucket overflows at the time of the line', () => {
    const { run, alerts } = detect({
      scenarios: [scenario('bf', "evt.Meta.word == 'fail'", leaky)],
    })
    const { statistics } = run([...attack, 'nobody parses this'])
    assert.equal(alerts.length, 1)
    assert.equal(alerts[0]?.stopAt.toString(), '2026-01-01T00:00:05Z')
    assert.deepEqual(
      [statistics.lines, statistics.parsed, statistics.unparsed, statistics.poured],
      [3, 2, 1, 2],
    )
  })

  test('a whitelisted overflow is counted and gives no alert', () => {
    const { run, alerts } = detect({
      scenarios: [scenario('bf', "evt.Meta.word == 'fail'", leaky)],
      postoverflows: [['s01-whitelist', "name: w\nwhitelist: {reason: r, ip: ['192.0.2.1']}"]],
    })
    const { statistics } = run(attack)
    assert.deepEqual([alerts.length, statistics.whitelistedOverflows], [0, 1])
  })

  test('a failed enrichment does not hide the whitelist behind it', () => {
    const { run, alerts } = detect({
      scenarios: [scenario('bf', "evt.Meta.word == 'fail'", leaky)],
      postoverflows: [
        ['s00-enrich', "name: e\nfilter: 'false'\nstatics: [{meta: m, value: x}]"],
        ['s01-whitelist', "name: w\nwhitelist: {reason: r, ip: ['192.0.2.1']}"],
      ],
    })
    run(attack)
    assert.deepEqual(alerts, [])
  })

  test('an overflow that asks for it is an event for other scenarios', () => {
    const { run, alerts } = detect({
      scenarios: [
        scenario('bf', "evt.Meta.word == 'fail'", `${leaky}\nreprocess: true`),
        scenario('meta', "evt.GetType() == 'overflow'", trigger),
      ],
    })
    run(attack)
    assert.deepEqual(
      alerts.map(({ scenario, source }) => `${scenario} ${source.value}`),
      ['bf 192.0.2.1', 'meta 192.0.2.1'],
    )
  })

  test('overflows that cause themselves come to an end', () => {
    const { run, alerts, detection } = detect({
      scenarios: [scenario('echo', 'true', `${trigger}\nreprocess: true`)],
    })
    run(['1767225600 192.0.2.1 fail'])
    assert.ok(alerts.length < 20)
    assert.match(detection.failures.list()[0]?.reason ?? '', /times over/)
  })

  test('a scenario that fails costs only itself', () => {
    const { run, alerts } = detect({
      scenarios: [
        scenario('bad', "evt.Unmarshaled.x.y == 'z'", trigger),
        scenario('good', "evt.Meta.word == 'fail'", trigger),
      ],
    })
    const engine = run(['1767225600 192.0.2.1 fail'])
    assert.deepEqual(
      alerts.map((alert) => alert.scenario),
      ['good'],
    )
    assert.equal(engine.drainScenarioFailures()[0]?.scenario, 'bad')
  })

  test('an observer sees who wanted the event, and changes nothing', () => {
    const rules = { scenarios: [scenario('bf', "evt.Meta.word == 'fail'", leaky)] }
    const plain = detect(rules)
    plain.run(attack)
    const observed = detect(rules)
    const routed: string[] = []
    observed.run(attack, {
      parse: { enterNode() {}, leaveNode() {} },
      routed: (_event, names) => routed.push(names.join()),
    })
    assert.deepEqual(routed, ['bf', 'bf'])
    assert.deepEqual(observed.alerts, plain.alerts)
  })

  test('in a replay the result is the same whatever the machine does meanwhile', () => {
    const rules = { scenarios: [scenario('bf', "evt.Meta.word == 'fail'", leaky)] }
    const first = detect(rules)
    first.run(attack)
    const second = detect(rules)
    second.run(attack)
    assert.deepEqual(second.alerts, first.alerts)
  })
})
