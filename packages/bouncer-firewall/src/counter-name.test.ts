import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { counterName, originOfCounter } from './counter-name.ts'

suite('counter names', () => {
  const names = {
    crowdsec: 'by-crowdsec',
    'lists:firehol_level1': 'by-lists_3afirehol_5flevel1',
    'cscli-import': 'by-cscli-import',
    '"; drop': 'by-_22_3b_20drop',
    '': 'by-',
  }
  for (const [origin, name] of Object.entries(names)) {
    test(name, () => {
      assert.equal(counterName(origin), name)
      assert.equal(originOfCounter(name), origin)
    })
  }

  test('counters of others are nobody’s', () => {
    assert.equal(originOfCounter('processed'), undefined)
    assert.equal(originOfCounter('lists_3afirehol'), undefined)
  })

  test('a label is read back as it was, and its name is safe to list', () => {
    const label = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
    fc.assert(
      fc.property(label, (origin) => {
        const name = counterName(origin)
        assert.match(name, /^by-[A-Za-z0-9_.-]*$/)
        assert.ok(name.length < 256)
        assert.equal(originOfCounter(name), origin)
      }),
    )
  })
})
