import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ParserNode } from './node.ts'
import { compileRules, eventOf, type Rules } from './parser.test-support.ts'

const ok = { filter: 'true', statics: "[{meta: ok, value: '1'}]" }
const child = (filter: string, extra = '') =>
  `  - filter: "${filter}"\n    statics: [{parsed: seen, expression: "evt.Parsed.seen + '${filter[0]}'"}]\n${extra}`

function rulesOf(yaml: string): Rules & { node: ParserNode } {
  const rules = compileRules([['s01-parse', yaml]])
  assert.deepEqual(rules.problems.list, [])
  const node = rules.nodes[0]
  assert.ok(node)
  return { ...rules, node }
}

const stageAfter = new Map([
  ['s01-parse', 's02-enrich'],
  ['s02-enrich', 's02-enrich'],
])

suite('whether a node takes an event', () => {
  const cases: Record<string, [yaml: string, isTaken: boolean, seen?: string]> = {
    'children ok, ko: the last decides': [
      `name: n\nnodes:\n${child('true')}${child('false')}`,
      false,
      't',
    ],
    'children ko, ok': [`name: n\nnodes:\n${child('false')}${child('true')}`, true, 't'],
    'with next_stage the first success ends it': [
      `name: n\nonsuccess: next_stage\nnodes:\n${child('true')}${child('false')}`,
      true,
      't',
    ],
    'own grok matched, children ko': [
      `name: n\ngrok: {pattern: '%{WORD:w}', apply_on: message}\nnodes:\n${child('false')}${child('false')}`,
      true,
    ],
    'own grok not matched, child ok rescues': [
      `name: n\ngrok: {pattern: '%{INT:i}', apply_on: message}\nnodes:\n${child('true')}`,
      true,
      't',
    ],
    'own grok not matched, no children': [
      "name: n\ngrok: {pattern: '%{INT:i}', apply_on: message}",
      false,
    ],
    'filter and statics only': [`name: n\nfilter: ${ok.filter}\nstatics: ${ok.statics}`, true],
    'a grok without captures never succeeds': [
      "name: n\ngrok: {pattern: '^foo', apply_on: message}",
      false,
    ],
    'a key that was not parsed cannot match': [
      "name: n\ngrok: {pattern: '%{DATA:d}', apply_on: absent}",
      false,
    ],
    'a filter that fails is no match': [
      "name: n\nfilter: evt.Unmarshaled.a.b == 'x'\nstatics: [{meta: ok, value: '1'}]",
      false,
    ],
    'a whitelist that lists nobody present': [
      "name: n\nwhitelist: {reason: r, ip: ['192.0.2.1']}",
      true,
    ],
  }
  for (const [name, [yaml, isTaken, seen = '']] of Object.entries(cases)) {
    test(name, () => {
      const { node } = rulesOf(yaml)
      const event = eventOf('foo')
      event.stage = 's01-parse'
      assert.equal(node.process(event, stageAfter) === 'taken', isTaken)
      assert.equal(event.parsed.seen ?? '', seen)
    })
  }
})

suite('what a node writes', () => {
  test('captures that took no part overwrite with nothing', () => {
    const { node } = rulesOf(
      "name: n\ngrok: {pattern: '%{WORD:a}( %{WORD:b})?', apply_on: message}",
    )
    const event = eventOf('x', { b: 'old' })
    assert.equal(node.process(event, stageAfter), 'taken')
    assert.deepEqual([event.parsed.a, event.parsed.b], ['x', ''])
  })

  test('of one name twice the last in the text counts', () => {
    const { node } = rulesOf(
      "name: n\ngrok: {pattern: '(?:%{INT:v}|%{WORD:v})', apply_on: message}",
    )
    const event = eventOf('12')
    node.process(event, stageAfter)
    assert.equal(event.parsed.v, '')
  })

  test('grok statics, then children, then node statics', () => {
    const { node } = rulesOf(`name: n
grok:
  pattern: '%{WORD:w}'
  apply_on: message
  statics: [{parsed: order, value: grok}]
nodes:
  - statics: [{parsed: order, expression: "evt.Parsed.order + ' child'"}]
statics:
  - {parsed: order, expression: "evt.Parsed.order + ' node'"}`)
    const event = eventOf('foo')
    node.process(event, stageAfter)
    assert.equal(event.parsed.order, 'grok child node')
  })

  test('a failed grok writes nothing, its statics and stash do not run', () => {
    const rules = rulesOf(`name: n
grok: {pattern: '%{INT:i}', apply_on: message, statics: [{meta: m, value: x}]}
stash: [{name: s, key: "'k'", value: "'v'", ttl: 1m}]
nodes: [{filter: 'true', statics: [{meta: rescued, value: '1'}]}]`)
    const event = eventOf('foo')
    assert.equal(rules.node.process(event, stageAfter), 'taken')
    assert.deepEqual({ ...event.meta }, { rescued: '1' })
    assert.deepEqual(rules.stashed, [])
  })

  test('a stash keeps texts for as long as it says', () => {
    const rules = rulesOf(`name: n
grok: {pattern: '%{WORD:w}', apply_on: message}
stash: [{name: users, key: evt.Parsed.w, value: "'v'", ttl: 10m}]`)
    rules.node.process(eventOf('foo'), stageAfter)
    assert.deepEqual(rules.stashed, ['users foo=v for 600s'])
  })

  test('next_stage moves on from the stage the event has reached by then', () => {
    const { node } = rulesOf(`name: n
onsuccess: next_stage
nodes: [{filter: 'true', onsuccess: next_stage, statics: [{meta: m, value: x}]}]`)
    const event = eventOf('foo')
    event.stage = 's01-parse'
    const chain = new Map([
      ['s01-parse', 's02-enrich'],
      ['s02-enrich', 's03-more'],
      ['s03-more', 's03-more'],
    ])
    node.process(event, chain)
    assert.equal(event.stage, 's03-more')
  })
})

suite('whitelists', () => {
  const listed = (whitelist: string, meta: Record<string, string>) => {
    const { node, failures } = rulesOf(`name: n\nwhitelist:\n  reason: ours\n${whitelist}`)
    const event = eventOf('foo', {}, meta)
    assert.equal(node.process(event, stageAfter), 'taken')
    return { isWhitelisted: event.isWhitelisted, reason: event.whitelistReason, failures }
  }
  const cases: Record<string, [whitelist: string, address: string, isListed: boolean]> = {
    'an address': ["  ip: ['192.0.2.7']", '192.0.2.7', true],
    'its neighbour': ["  ip: ['192.0.2.7']", '192.0.2.8', false],
    'a range, host bits and all': ["  cidr: ['192.0.2.9/24']", '192.0.2.200', true],
    'an IPv4-mapped address is not the IPv4 one': [
      "  cidr: ['192.0.2.0/24']",
      '::ffff:192.0.2.7',
      false,
    ],
    'what is no address': ["  ip: ['192.0.2.7']", '192.0.2.7; rm', false],
    'an expression': [
      '  expression: ["evt.Meta.source_ip startsWith \'192.\'"]',
      '192.0.2.7',
      true,
    ],
  }
  for (const [name, [whitelist, address, isListed]] of Object.entries(cases)) {
    test(name, () => {
      const { isWhitelisted, reason } = listed(whitelist, { source_ip: address })
      assert.equal(isWhitelisted, isListed)
      assert.equal(reason, isListed ? 'ours' : '')
    })
  }

  test('an expression that fails frees nobody, nor does a later one', () => {
    const { isWhitelisted, failures } = listed(
      "  expression: [\"evt.Unmarshaled.a.b == 'x'\", 'true']",
      {},
    )
    assert.equal(isWhitelisted, false)
    assert.equal(failures.length, 1)
  })

  test('statics beside a whitelist run only for who is listed', () => {
    const yaml =
      "name: n\nwhitelist: {reason: r, ip: ['192.0.2.7']}\nstatics: [{meta: m, value: x}]"
    const { node } = rulesOf(yaml)
    const stranger = eventOf('foo', {}, { source_ip: '192.0.2.8' })
    node.process(stranger, stageAfter)
    assert.equal(stranger.meta.m, undefined)
    const friend = eventOf('foo', {}, { source_ip: '192.0.2.7' })
    node.process(friend, stageAfter)
    assert.equal(friend.meta.m, 'x')
  })
})
