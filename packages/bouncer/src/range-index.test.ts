import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Address, AddressRange } from '@tocsin/address'
import fc from 'fast-check'
import { RangeIndex } from './range-index.ts'
import { rangeOf } from './testing/enforcer-contract.ts'

const word = fc.oneof(fc.integer(), fc.nat({ max: 7 }))
/** Few of them, so that the same come again and neighbours collide. */
const range = fc.oneof(
  fc.record({ bits: word, length: fc.integer({ min: 0, max: 32 }) }).map(({ bits, length }) => {
    return AddressRange.of(Address.ofIpv4(bits), length)
  }),
  fc
    .record({ w0: word, w3: word, length: fc.constantFrom(0, 1, 32, 64, 127, 128) })
    .map(({ w0, w3, length }) => AddressRange.of(Address.ofIpv6(w0, 0, 0, w3), length)),
)

suite('RangeIndex', () => {
  test('an index stays the same and leads back to its range', () => {
    const index = new RangeIndex()
    const texts = ['192.0.2.7/32', '192.0.2.0/24', '0.0.0.0/0', '::/0', '2001:db8::/64', '::7/128']
    const numbers = texts.map((text) => index.intern(rangeOf(text)))
    assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5])
    for (const [i, text] of texts.entries()) {
      assert.equal(index.intern(rangeOf(text)), i)
      assert.equal(index.rangeAt(i).toString(), text)
      assert.equal(index.familyAt(i), text.includes(':') ? 6 : 4)
      assert.equal(index.prefixLengthAt(i), Number(text.split('/')[1]))
    }
  })

  test('a released index is given again', () => {
    const index = new RangeIndex()
    index.intern(rangeOf('192.0.2.1'))
    const second = index.intern(rangeOf('192.0.2.2'))
    index.release(second)
    assert.equal(index.has(second), false)
    assert.equal(index.find(rangeOf('192.0.2.2')), -1)
    assert.equal(index.intern(rangeOf('192.0.2.3')), second)
    assert.throws(() => index.rangeAt(7), /no range has index 7/)
  })

  test('is a map of texts to numbers, whatever is added and released', () => {
    const step = fc.record({ range, isRelease: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const index = new RangeIndex()
        const model = new Map<string, number>()
        for (const { range, isRelease } of steps) {
          const known = model.get(range.toString())
          if (isRelease && known !== undefined) {
            index.release(known)
            model.delete(range.toString())
          } else if (!isRelease) model.set(range.toString(), index.intern(range))
        }
        assert.equal(index.size, model.size)
        assert.equal(new Set(model.values()).size, model.size)
        const other = new RangeIndex()
        for (const { range } of steps) {
          assert.equal(index.find(range), model.get(range.toString()) ?? -1)
          const at = other.intern(range)
          assert.equal(index.findSame(other, at), index.find(range))
        }
        for (const [text, at] of model) assert.equal(index.rangeAt(at).toString(), text)
      }),
    )
  })
})
