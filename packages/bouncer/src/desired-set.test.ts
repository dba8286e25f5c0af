import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { DesiredSet } from './desired-set.ts'
import { originPriority } from './origin-priority.ts'
import { decision, rangeOf } from './testing/enforcer-contract.ts'

const nowMs = 1_767_225_600_000
const nowS = nowMs / 1000

function secondsLeft(desired: DesiredSet): Record<string, number> {
  const left: Record<string, number> = {}
  for (const { range, expiresS } of desired.wanted().bans()) {
    left[range.toString()] = expiresS - nowS
  }
  return left
}

suite('DesiredSet', () => {
  test('of several decisions about one address the longest holds', () => {
    const desired = new DesiredSet({})
    const short = decision('192.0.2.7', { id: 1, duration: '1h' })
    const long = decision('192.0.2.7', { id: 2, duration: '2h', origin: 'CAPI' })
    desired.add([short, long], nowMs)
    assert.deepEqual(secondsLeft(desired), { '192.0.2.7/32': 7_200 })
    assert.equal(desired.wanted().get(rangeOf('192.0.2.7'))?.origin, 'CAPI')
    desired.delete([long])
    assert.deepEqual(secondsLeft(desired), { '192.0.2.7/32': 3_600 })
    desired.delete([short])
    assert.deepEqual(secondsLeft(desired), {})
    assert.equal(desired.decisionCount, 0)
  })

  test('a decision told again with another end has that end', () => {
    const desired = new DesiredSet({})
    desired.add([decision('192.0.2.7', { duration: '2h' })], nowMs)
    desired.add([decision('192.0.2.7', { duration: '1h' })], nowMs)
    assert.deepEqual(secondsLeft(desired), { '192.0.2.7/32': 3_600 })
    assert.equal(desired.decisionCount, 1)
  })

  test('the end of a decision nobody told of changes nothing', () => {
    const desired = new DesiredSet({})
    desired.add([decision('192.0.2.7', { id: 7 })], nowMs)
    desired.delete([
      decision('192.0.2.7', { id: 8 }),
      decision('192.0.2.7', { id: 7, origin: 'CAPI' }),
      decision('not an address', { id: 7 }),
    ])
    assert.equal(desired.banCount, 1)
  })

  test('what is over is dropped, and what is not stays', () => {
    const desired = new DesiredSet({})
    desired.add(
      [
        decision('192.0.2.7', { id: 1, duration: '10s' }),
        decision('192.0.2.7', { id: 2, duration: '20s', origin: 'cscli' }),
        decision('192.0.2.8', { id: 3, duration: '10s' }),
      ],
      nowMs,
    )
    const before = desired.version
    desired.sweep(nowS + 9)
    assert.equal(desired.version, before)
    desired.sweep(nowS + 10)
    assert.deepEqual(secondsLeft(desired), { '192.0.2.7/32': 20 })
    desired.sweep(nowS + 20)
    assert.equal(desired.banCount, 0)
  })

  test('a snapshot replaces everything', () => {
    const desired = new DesiredSet({})
    desired.add([decision('192.0.2.7')], nowMs)
    const { admitted, refused } = desired.replaceAll(
      [decision('192.0.2.8'), decision('0.0.0.0/0'), decision('192.0.2.9', { type: 'captcha' })],
      nowMs,
    )
    assert.deepEqual(
      { admitted, refused },
      { admitted: 1, refused: { 'too-wide': 1, filtered: 1 } },
    )
    assert.deepEqual(Object.keys(secondsLeft(desired)), ['192.0.2.8/32'])
  })

  test('without room for all, what is ours comes first, then what lasts longer', () => {
    const desired = new DesiredSet({ capacity: 3 })
    const of = (value: string, id: number, origin: string, duration: string) =>
      decision(value, { id, origin, duration })
    desired.add(
      [
        of('192.0.2.1', 1, 'lists', '9h'),
        of('192.0.2.2', 2, 'CAPI', '1h'),
        of('192.0.2.3', 3, 'CAPI', '2h'),
        of('192.0.2.4', 4, 'cscli', '1h'),
        of('192.0.2.5', 5, 'crowdsec', '1m'),
      ],
      nowMs,
    )
    assert.deepEqual(Object.keys(secondsLeft(desired)).sort(), [
      '192.0.2.3/32',
      '192.0.2.4/32',
      '192.0.2.5/32',
    ])
    // The community knows it too, for longer: it still is ours.
    desired.add([of('192.0.2.5', 6, 'CAPI', '30m')], nowMs)
    desired.limitTo(1)
    assert.deepEqual(Object.keys(secondsLeft(desired)), ['192.0.2.5/32'])
    desired.limitTo(Number.POSITIVE_INFINITY)
    assert.equal(Object.keys(secondsLeft(desired)).length, 5)
  })

  test('who is allowed later is let go, and banned again when that ends', () => {
    const desired = new DesiredSet({})
    desired.add([decision('192.0.2.7'), decision('192.0.2.0/24', { id: 2 })], nowMs)
    desired.protect([rangeOf('192.0.2.0/28')])
    assert.deepEqual(Object.keys(secondsLeft(desired)), ['192.0.2.0/24'])
    desired.limitTo(2)
    assert.deepEqual(Object.keys(secondsLeft(desired)), ['192.0.2.0/24'])
    desired.protect([])
    assert.equal(Object.keys(secondsLeft(desired)).length, 2)
  })

  test('one address decided without end does not become slow', () => {
    const desired = new DesiredSet({})
    const many = Array.from({ length: 20_000 }, (_, i) =>
      decision('192.0.2.7', { id: i, duration: `${i + 1}s` }),
    )
    const startMs = performance.now()
    desired.add(many, nowMs)
    assert.ok(performance.now() - startMs < 3_000)
    assert.ok(desired.decisionCount <= 256)
    assert.deepEqual(secondsLeft(desired), { '192.0.2.7/32': 20_000 })
  })

  test('is what a plain list of decisions says, after any changes', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'delete', 'sweep'),
      id: fc.nat({ max: 5 }),
      value: fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.0/24', '2001:db8::1'),
      origin: fc.constantFrom('crowdsec', 'CAPI'),
      seconds: fc.integer({ min: 1, max: 100 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const desired = new DesiredSet({})
        const model = new Map<string, { value: string; seconds: number }>()
        let sweptS = 0
        for (const { kind, id, value, origin, seconds } of steps) {
          const key = `${id} ${value} ${origin}`
          const told = decision(value, { id, origin, duration: `${seconds}s` })
          if (kind === 'add') {
            desired.add([told], nowMs)
            model.set(key, { value, seconds })
          } else if (kind === 'delete') {
            desired.delete([told])
            model.delete(key)
          } else {
            sweptS = Math.max(sweptS, seconds)
            desired.sweep(nowS + seconds)
            for (const [key, held] of model) if (held.seconds <= seconds) model.delete(key)
          }
        }
        const expected: Record<string, number> = {}
        for (const { value, seconds } of model.values()) {
          const text = rangeOf(value).toString()
          expected[text] = Math.max(expected[text] ?? 0, seconds)
        }
        assert.deepEqual(secondsLeft(desired), expected)
        assert.equal(desired.decisionCount, model.size)
      }),
    )
  })
})

test('originPriority: local, by hand, community, lists', () => {
  const order = ['crowdsec', 'cscli', 'CAPI', 'lists:firehol'].map(originPriority)
  assert.deepEqual(order, [0, 1, 2, 3])
  assert.equal(originPriority('cscli-import'), originPriority('something else'))
})
