import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Instant } from '@tocsin/model'
import fc from 'fast-check'
import { Blackhole } from './blackhole.ts'

const at = (seconds: number, nanos = 0) => new Instant(seconds * 1000, nanos)

suite('Blackhole', () => {
  test('silences a key until its end, not at it', () => {
    const blackhole = new Blackhole(60e9)
    blackhole.start('a', at(100))
    assert.equal(blackhole.isSilenced('a', at(159)), true)
    assert.equal(blackhole.isSilenced('b', at(159)), false)
    assert.equal(blackhole.isSilenced('a', at(160)), false)
  })

  test('ends to the nanosecond', () => {
    const blackhole = new Blackhole(1_000_001)
    blackhole.start('a', at(0, 999_999))
    assert.equal(blackhole.isSilenced('a', new Instant(1, 999_999)), true)
    assert.equal(blackhole.isSilenced('a', new Instant(2, 0)), false)
  })

  test('what ended by a later overflow is forgotten when time goes back', () => {
    const blackhole = new Blackhole(60e9)
    blackhole.start('a', at(100))
    assert.equal(blackhole.isSilenced('b', at(200)), false)
    assert.equal(blackhole.isSilenced('a', at(110)), false)
  })

  test('law: as a list that is pruned by every question', () => {
    const question = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(300))
    const law = fc.property(fc.array(question, { maxLength: 200 }), (questions) => {
      const blackhole = new Blackhole(60e9)
      let model: { key: string; end: number }[] = []
      for (const [key, seconds] of questions) {
        model = model.filter(({ end }) => end > seconds)
        const expected = model.some((entry) => entry.key === key)
        assert.equal(blackhole.isSilenced(key, at(seconds)), expected)
        assert.equal(blackhole.size, model.length)
        if (expected) continue
        blackhole.start(key, at(seconds))
        model.push({ key, end: seconds + 60 })
      }
    })
    fc.assert(law)
  })
})
