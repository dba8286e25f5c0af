import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { overflowing, takeToken } from './tokens.ts'

const second = 1e9

suite('takeToken', () => {
  const cases: readonly (readonly [string, number, number, number, number, number])[] = [
    // tokens, elapsed seconds, capacity, leak speed in seconds, tokens left
    ['a full bucket takes one', 5, 0, 5, 10, 4],
    ['nothing leaks without time', 1, 0, 5, 10, 0],
    ['the last one overflows', 0, 0, 5, 10, overflowing],
    ['a token short of a second overflows', 0, 9.999_999_998, 1, 10, overflowing],
    ['exactly one token came back', 0, 10, 1, 10, 0],
    ['never more than the capacity', 1, 1e6, 5, 10, 4],
    ['a step back in time is no time', 3, -100, 5, 10, 2],
    ['a token a second, one second later', 0, 1, 1, 1, 0],
  ]
  for (const [name, tokens, elapsed, capacity, leakSpeed, left] of cases) {
    test(name, () =>
      assert.equal(takeToken(tokens, elapsed * second, capacity, leakSpeed * second), left),
    )
  }

  test('events two seconds apart overflow on the seventh', () => {
    let tokens = 5
    const seen: number[] = []
    for (let event = 1; event <= 7; event++) {
      tokens = takeToken(tokens, event === 1 ? 0 : 2 * second, 5, 10 * second)
      seen.push(Number(tokens.toFixed(6)))
    }
    assert.deepEqual(seen, [4, 3.2, 2.4, 1.6, 0.8, 0, overflowing])
  })

  test('less than a nanosecond is forgiven', () => {
    const left = takeToken(1 - 1e-12, 0, 1, second)
    assert.ok(left !== overflowing && left < 0 && left > -1e-9)
  })

  test('law: tokens stay between zero and the capacity', () => {
    const gaps = fc.array(fc.integer({ min: -60, max: 60 }), { maxLength: 60 })
    const law = fc.property(gaps, fc.integer({ min: 1, max: 9 }), (seconds, capacity) => {
      let tokens = capacity
      for (const gap of seconds) {
        const left = takeToken(tokens, gap * second, capacity, 7 * second)
        if (left !== overflowing) tokens = left
        assert.ok(tokens > -1e-9 && tokens <= capacity)
      }
    })
    fc.assert(law)
  })
})
