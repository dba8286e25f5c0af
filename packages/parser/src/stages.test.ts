import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileRules, eventOf } from './parser.test-support.ts'

const raw = (filter = 'true', onsuccess = 'next_stage') =>
  `name: raw\nfilter: "${filter}"\nonsuccess: ${onsuccess}\nstatics: [{parsed: program, value: sshd}]`
const named = (name: string, extra: string) => `name: ${name}\n${extra}`
const mark = (key: string) => `statics: [{meta: ${key}, value: '1'}]`

suite('the way through the stages', () => {
  test('an event that some node of each stage takes is parsed', () => {
    const { stages } = compileRules([
      ['s02-enrich', named('e', mark('enriched'))],
      ['s00-raw', raw()],
      ['s01-parse', named('p', `onsuccess: next_stage\n${mark('parsed')}`)],
    ])
    assert.deepEqual(stages.names, ['s00-raw', 's01-parse', 's02-enrich'])
    const event = eventOf('x')
    stages.parse(event)
    assert.equal(event.isProcessed, true)
    assert.deepEqual({ ...event.meta }, { parsed: '1', enriched: '1' })
  })

  test('success without next_stage does not move it on', () => {
    const { stages } = compileRules([
      ['s00-raw', raw('true', 'continue')],
      ['s01-parse', named('p', mark('parsed'))],
    ])
    const event = eventOf('x')
    stages.parse(event)
    assert.equal(event.isProcessed, false)
    assert.equal(event.parsed.program, 'sshd')
  })

  test('the last stage needs a success too', () => {
    const { stages } = compileRules([
      ['s00-raw', raw()],
      ['s01-parse', named('p', `filter: 'false'\n${mark('parsed')}`)],
    ])
    const event = eventOf('x')
    stages.parse(event)
    assert.equal(event.isProcessed, false)
  })

  test('after next_stage the other nodes of the stage are not asked', () => {
    const { stages } = compileRules([
      ['s00-raw', raw()],
      ['s00-raw', named('other', mark('other'))],
    ])
    const event = eventOf('x')
    stages.parse(event)
    assert.equal(event.meta.other, undefined)
    assert.equal(event.isProcessed, true)
  })

  test('a preset stage is where it begins, an unknown one is nowhere', () => {
    const files = [
      ['s00-raw', raw()],
      ['s01-parse', named('p', mark('parsed'))],
    ] as const
    const { stages } = compileRules(files)
    const late = eventOf('x')
    late.stage = 's01-parse'
    stages.parse(late)
    assert.deepEqual([late.isProcessed, late.parsed.program], [true, undefined])
    const lost = eventOf('x')
    lost.stage = 's77-none'
    stages.parse(lost)
    assert.equal(lost.isProcessed, false)
  })

  test('without any stage every event is parsed', () => {
    const { stages } = compileRules([])
    const event = eventOf('x')
    stages.parse(event)
    assert.equal(event.isProcessed, true)
  })

  test('a static without text gives up the event and says so', () => {
    const { stages, failures } = compileRules([
      ['s00-raw', named('bad', "statics: [{meta: m, expression: evt.Parsed.a == 'b'}]")],
    ])
    const event = eventOf('x')
    stages.parse(event)
    assert.equal(event.isProcessed, false)
    assert.match(failures.join(), /bad: statics: a static cannot take a bool/)
  })

  test('one bad rule costs only itself', () => {
    const { stages, failures } = compileRules([
      ['s00-raw', named('bad', `filter: evt.Unmarshaled.x.y == 'z'\n${mark('bad')}`)],
      ['s00-raw', named('good', mark('good'))],
    ])
    const event = eventOf('x')
    stages.parse(event)
    assert.deepEqual({ ...event.meta }, { good: '1' })
    assert.equal(event.isProcessed, true)
    assert.equal(failures.length, 1)
  })
})
