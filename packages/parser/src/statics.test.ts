import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileRules, eventOf } from './parser.test-support.ts'

function run(statics: string, prepare: Parameters<typeof eventOf>[1] = {}) {
  const { stages, problems, failures } = compileRules([
    ['s00-raw', `name: n\nstatics:\n${statics}`],
  ])
  assert.equal(problems.errorCount, 0)
  const event = eventOf('line', prepare)
  event.meta.m = 'kept'
  event.unmarshaled.status = 443
  stages.parse(event)
  return { event, failures, problems }
}

suite('statics', () => {
  const texts: Record<string, string> = {
    "value: '404'": '404',
    'expression: evt.Parsed.missing': 'kept',
    'expression: len(evt.Parsed.a)': '3',
    'expression: 1.5': '1.500000',
    'expression: evt.Unmarshaled.status': '443.000000',
    'expression: evt.Unmarshaled.absent': 'kept',
    'expression: evt.Unmarshaled.absent.deeper': 'kept',
    'expression: evt.Unmarshaled': 'kept',
  }
  for (const [source, text] of Object.entries(texts)) {
    test(`meta from ${source}`, () => {
      assert.equal(run(`  - {meta: m, ${source}}`, { a: 'abc' }).event.meta.m, text)
    })
  }

  test('later ones see what earlier ones wrote, the last non-empty wins', () => {
    const { event } = run(`  - {parsed: x, value: one}
  - {parsed: y, expression: evt.Parsed.x + '!'}
  - {target: evt.StrTime, expression: evt.Parsed.y}
  - {target: evt.StrTime, expression: evt.Parsed.absent}`)
    assert.deepEqual([event.parsed.y, event.strTime], ['one!', 'one!'])
  })

  const targets: Record<string, (event: ReturnType<typeof eventOf>) => unknown> = {
    'evt.StrTime': (event) => event.strTime,
    StrTimeFormat: (event) => event.strTimeFormat,
    MarshaledTime: (event) => event.marshaledTime,
    'evt.Parsed.a': (event) => event.parsed.a,
    'Meta.a': (event) => event.meta.a,
    'evt.Enriched.a.b': (event) => event.enriched.a,
    'evt.Unmarshaled.a': (event) => event.unmarshaled.a,
    'evt.Line.Module': (event) => event.line.module,
    'evt.Line.Labels.type': (event) => event.line.labels.type,
  }
  for (const [target, read] of Object.entries(targets)) {
    test(`target ${target}`, () => {
      assert.equal(read(run(`  - {target: ${target}, value: x}`).event), 'x')
    })
  }

  test('labels and lines of other events stay as they are', () => {
    const { stages } = compileRules([
      ['s00-raw', 'name: n\nstatics: [{target: evt.Line.Labels.type, value: other}]'],
    ])
    const one = eventOf('a')
    const { line } = one
    stages.parse(one)
    assert.equal(line.labels.type, 'test')
    assert.equal(one.line.labels.type, 'other')
  })

  test('a target that leads nowhere is warned of and harms nobody', () => {
    const { problems, event } = run("  - {target: source_ip, value: x}\n  - {meta: a, value: 'y'}")
    assert.equal(problems.list[0]?.code, 'TOC_PARSER_TARGET')
    assert.equal(event.meta.a, 'y')
  })

  test('a method gets the value; an unknown one is warned of with a hint', () => {
    const { event, problems } = run('  - {method: Shout, expression: evt.Line.Raw}')
    assert.equal(event.enriched.shouted, 'LINE')
    assert.deepEqual(problems.list, [])
    const unknown = run('  - {method: shoot, value: x}').problems.list[0]
    assert.equal(unknown?.hint, 'did you mean "Shout"?')
  })

  test('keys that objects inherit elsewhere are only keys', () => {
    const { event } = run(
      '  - {parsed: __proto__, value: p}\n  - {meta: constructor, value: c}\n  - {parsed: "it\'s", value: q}',
    )
    assert.ok(Object.keys(event.parsed).includes('__proto__'))
    assert.equal(event.meta.constructor, 'c')
    assert.equal(event.parsed["it's"], 'q')
  })
})
