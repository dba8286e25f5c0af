import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { compileExpression, type Environment, EvaluationError } from '@tocsin/expr'
import {
  type Alert,
  type AppsecFindings,
  createTextDict,
  Duration,
  Event,
  Instant,
  Line,
  type Overflow,
  type Source,
  timeMode,
} from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import {
  assertEnvironment,
  conditionEnvironment,
  contextEnvironment,
  eventEnvironment,
  overflowFilterEnvironment,
  profileEnvironment,
} from './environments.ts'
import { createFunctions } from './functions.ts'

import type { BucketView } from './types/bucket-type.ts'
import { emptyRequest } from './types/request-type.ts'

const functions = createFunctions({ clock: { nowMs: () => 0 }, log: silentLog })

function evaluate(environment: Environment, text: string, ...variables: unknown[]): unknown {
  const problems = new Problems()
  const compiled = compileExpression(new SourceText('rule', text), environment, problems)
  assert.deepEqual(problems.list, [], text)
  assert.ok(compiled)
  return compiled.evaluate(...variables)
}

function makeEvent(): Event {
  const at = new Instant(Date.UTC(2026, 1, 12, 14, 10, 21))
  const event = Event.ofLine(
    new Line('raw', '/a/b.log', 'file', createTextDict(), at),
    timeMode.live,
  )
  event.line.labels.type = 'syslog'
  event.meta.source_ip = '192.0.2.7'
  event.parsed.program = 'sshd'
  event.unmarshaled.x = { a: [{ b: 1 }] }
  return event
}

const source: Source = {
  scope: 'Ip',
  value: '192.0.2.7',
  ip: '192.0.2.7',
  range: '192.0.2.0/24',
  asNumber: '64496',
  asName: 'EXAMPLE',
  country: 'FR',
  latitude: 48.8566,
  longitude: 2.3522,
}
const alert: Alert = {
  scenario: 'acme/bf',
  scenarioVersion: '0.1',
  scenarioHash: '',
  message: 'm',
  capacity: 5,
  leakSpeed: '10s',
  eventsCount: 6,
  startAt: new Instant(0),
  stopAt: new Instant(0),
  isSimulated: false,
  hasRemediation: true,
  kind: 'crowdsec',
  events: [
    { timestamp: '', meta: [{ key: 'user', value: '' }] },
    { timestamp: '', meta: [{ key: 'user', value: 'root' }] },
  ],
  meta: [{ key: 'target_user', value: '["root"]' }],
  labels: [],
  source,
  decisions: [],
}
const overflow: Overflow = {
  mapkey: 'k',
  bucketId: 'b',
  isWhitelisted: false,
  reprocess: true,
  sources: new Map([['192.0.2.7', source]]),
  alerts: [alert],
  alert,
}

suite('evt', () => {
  const environment = eventEnvironment(functions)
  const cases: Readonly<Record<string, unknown>> = {
    "evt.Parsed.program == 'sshd' && evt.Line.Labels.type == 'syslog'": true,
    'evt.Parsed.missing': '',
    "evt.GetMeta('source_ip')": '192.0.2.7',
    "evt.GetMeta('x')": '',
    'evt.GetType()': 'log',
    'evt.Type == 0 && evt.ExpectMode == 0': true,
    'evt.ParseIPSources()': ['192.0.2.7'],
    'evt.Unmarshaled.x.a[0].b': 1,
    'evt.Unmarshaled.nope?.deeper': undefined,
    'evt.Line.Src + evt.Line.Module + evt.Line.Raw': '/a/b.logfileraw',
    'evt.Time.Hour()': 14,
    'evt.Process && !evt.Whitelisted': true,
    "evt.SetMeta('k', 'v') && evt.Meta.k == 'v'": true,
    "evt.SetParsed('k', 'v') && evt.Parsed.k == 'v'": true,
    "IpInRange(evt.Meta.source_ip, '192.0.2.0/24')": true,
    "UnmarshalJSON('{\"a\":1}', evt.Unmarshaled, 'y') in ['', nil]": true,
    "ParseKV('a=1', evt.Unmarshaled, 'kv') == nil && evt.Unmarshaled.kv.a == '1'": true,
    "KeyExists('x', evt.Unmarshaled)": true,
    "Sprintf('%s-%d', evt.Parsed.program, len('abc'))": 'sshd-3',
    "any(Split('a,b', ','), {# == 'b'})": true,
  }
  for (const [text, value] of Object.entries(cases)) {
    test(text, () => assert.deepEqual(evaluate(environment, text, makeEvent()), value))
  }

  const overflows: Readonly<Record<string, unknown>> = {
    "evt.GetType() == 'overflow' && evt.Type == 1": true,
    "evt.GetMeta('user')": 'root',
    'evt.Overflow.Alert.Source.IP': '192.0.2.7',
    'evt.Overflow.Alert.Remediation == true': true,
    'evt.Overflow.Alert.GetScenario() + evt.Overflow.Alert.GetScope()': 'acme/bfIp',
    "evt.Overflow.Sources['192.0.2.7'].GetValue()": '192.0.2.7',
    '"192.0.2.7" in evt.Overflow.GetSources()': true,
    "all(evt.Overflow.Alert.Events, {.GetMeta('user') in ['', 'root']})": true,
    'len(evt.Overflow.APIAlerts) == evt.Overflow.Alert.EventsCount': false,
    "evt.Overflow.Alert.Events[1].GetMeta('user')": 'root',
    'evt.ParseIPSources()': ['192.0.2.7'],
  }
  for (const [text, value] of Object.entries(overflows)) {
    test(`overflow: ${text}`, () => {
      const event = Event.ofOverflow(overflow, new Instant(0))
      assert.deepEqual(evaluate(environment, text, event), value)
    })
  }

  test('an overflow is nil on a log line', () => {
    assert.throws(
      () => evaluate(environment, 'evt.Overflow.Alert.Remediation', makeEvent()),
      EvaluationError,
    )
  })

  const mistakes = [
    'evt.Nope',
    'evt.Parsed.x > 3',
    'Lower(5)',
    'Lower()',
    "KeyExists('x', evt.Parsed)",
    'queue.L',
    'IsIP(5)',
  ]
  for (const text of mistakes) {
    test(`${text} does not compile`, () => {
      const problems = new Problems()
      assert.equal(
        compileExpression(new SourceText('rule', text), environment, problems),
        undefined,
      )
      assert.equal(problems.errorCount, 1)
    })
  }
})

suite('findings of request rules', () => {
  const findings: AppsecFindings = {
    hasInBandMatches: true,
    hasOutBandMatches: false,
    matchedRules: [
      { id: 2, name: 'b', uri: '/x', severity_int: 2, tags: ['t'], matched_zones: ['ARGS.a'] },
      { id: 1, name: 'a', severity: 'critical', matched_zones: ['ARGS.a'], disruptive: true },
    ],
    vars: { score: '5' },
    hookVars: {},
  }
  const event = Object.assign(makeEvent(), { appsec: findings })
  const cases: Readonly<Record<string, unknown>> = {
    'evt.Appsec.HasInBandMatches && !evt.Appsec.HasOutBandMatches': true,
    'evt.Appsec.GetName()': 'b',
    'evt.Appsec.GetURI() + evt.Appsec.GetMethod()': '/x',
    'evt.Appsec.GetNames()': ['b', 'a'],
    "Sprintf('%+v', evt.Appsec.GetRuleIDs())": '[2 1]',
    'evt.Appsec.GetMatchedZones()': ['ARGS.a'],
    'evt.Appsec.GetHighestSeverity()': 2,
    "evt.Appsec.BySeverity('critical').GetName()": 'a',
    'evt.Appsec.MatchedRules.ByID(1).GetHighestSeverity()': 255,
    "evt.Appsec.ByTag('t').GetNames()": ['b'],
    "evt.Appsec.ByTags(['t', 'u']).ByDisruptiveness(true).GetName()": '',
    "evt.Appsec.GetVar('score') + evt.Appsec.GetVar('nope')": '5',
  }
  for (const [text, value] of Object.entries(cases)) {
    test(text, () => assert.deepEqual(evaluate(eventEnvironment(functions), text, event), value))
  }
})

suite('conditions and overflow filters', () => {
  const events = [makeEvent(), makeEvent()]
  const queue = { events, limit: 5 }
  const bucket: BucketView = {
    totalCount: 2,
    mapkey: 'k',
    uuid: 'u',
    firstAt: new Instant(0),
    lastAt: new Instant(5000),
    overflowAt: new Instant(5000),
    duration: new Duration(5e9),
    mode: timeMode.live,
    queue,
  }
  const conditions: Readonly<Record<string, unknown>> = {
    'queue.Queue[-1].Meta.source_ip': '192.0.2.7',
    'len(queue.Queue) < queue.L && len(queue.GetQueue()) == leaky.Total_count': true,
    "MedianInterval(map(queue.Queue[-4:], {#.Time})) == duration('0s')": true,
    "any(queue.Queue, {.Meta.source_ip in ['192.0.2.7']})": true,
    "leaky.Duration >= duration('5s')": true,
    "leaky.Last_ts - leaky.First_ts == duration('5s')": true,
    'evt.Parsed.program + leaky.Mapkey': 'sshdk',
  }
  for (const [text, value] of Object.entries(conditions)) {
    test(text, () => {
      const environment = conditionEnvironment(functions)
      assert.deepEqual(evaluate(environment, text, makeEvent(), queue, bucket), value)
    })
  }

  test('an overflow filter sees the signal, but no event', () => {
    const environment = overflowFilterEnvironment(functions)
    const text = 'signal.Alert.EventsCount > 5 && queue.L == 5'
    assert.equal(evaluate(environment, text, undefined, queue, overflow, bucket), true)
    assert.throws(
      () => evaluate(environment, 'evt.Stage', undefined, queue, overflow, bucket),
      EvaluationError,
    )
  })
})

test('now() reads the clock given', () => {
  const environment = eventEnvironment(functions, { nowMs: () => 0 })
  assert.equal(evaluate(environment, 'now().Year()', makeEvent()), 1970)
})

test('profiles see the alert', () => {
  const environment = profileEnvironment(functions)
  const filter = 'Alert.Remediation == true && Alert.GetScope() == "Ip" && !Alert.Simulated'
  assert.equal(evaluate(environment, filter, alert), true)
  const hours = "Sprintf('%dh', (GetDecisionsCount(Alert.GetValue()) + 1) * 4)"
  assert.equal(evaluate(environment, hours, alert), '4h')
  assert.equal(evaluate(environment, "Alert.GetMeta('target_user')", alert), '["root"]')
  assert.equal(evaluate(environment, 'Alert.Source.GetAsNumberName()', alert), '64496 EXAMPLE')
  assert.equal(
    evaluate(environment, 'Alert.Source.String()', alert),
    '192.0.2.7 (FR/64496/EXAMPLE)',
  )
})

test('contexts see the event, the rule that matched and the request', () => {
  const environment = contextEnvironment(functions)
  const request = { ...emptyRequest, method: 'GET', headers: { 'User-Agent': ['curl'] } }
  const text = 'req.Method + req.UserAgent() + evt.Meta.source_ip'
  assert.equal(evaluate(environment, text, makeEvent(), {}, request), 'GETcurl192.0.2.7')
  const none = 'req.Method + req.Host + req.UserAgent() + req.URL.Path + JA4H(req)'
  assert.equal(evaluate(environment, none, makeEvent(), {}, emptyRequest), '')
  assert.equal(evaluate(environment, 'match.name', makeEvent(), { name: 'r' }, emptyRequest), 'r')
})

suite('assertions', () => {
  const event = makeEvent()
  const results = new Map([
    ['s00-raw', new Map([['acme/syslog', [{ index: 1, event, isSuccess: true }]]])],
    ['success', new Map([['', []]])],
  ])
  const parsers: Readonly<Record<string, unknown>> = {
    'len(results) == 2': true,
    'results["s00-raw"]["acme/syslog"][0].Success == true': true,
    'results["s00-raw"]["acme/syslog"][0].Evt.Parsed["program"] == "sshd"': true,
    'len(results["success"][""]) == 0': true,
    'basename("/a/b.log") == "b.log"': true,
    'basename("/a/b/") + basename("") + basename("//")': 'b./',
    'FloatApproxEqual(1, 1)': true,
  }
  for (const [text, value] of Object.entries(parsers)) {
    test(text, () => {
      assert.equal(evaluate(assertEnvironment(functions, 'parsers'), text, results), value)
    })
  }

  test('of scenarios see overflow events', () => {
    const environment = assertEnvironment(functions, 'scenarios')
    const list = [Event.ofOverflow(overflow, new Instant(0))]
    const texts = [
      'len(results) == 1',
      '"192.0.2.7" in results[0].Overflow.GetSources()',
      'results[0].Overflow.Sources["192.0.2.7"].IP == "192.0.2.7"',
      'results[0].Overflow.Alert.Events[1].GetMeta("user") == "root"',
      'results[0].Overflow.Alert.GetEventsCount() == 6',
      'results[0].Overflow.Alert.Source.Cn == "FR"',
    ]
    for (const text of texts) assert.equal(evaluate(environment, text, list), true, text)
  })
})
