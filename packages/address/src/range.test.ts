import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Address, compareAddresses } from './address.ts'
import { parseAddress } from './parse-address.ts'
import { AddressRange, compareRanges, parseAddressOrRange, parseRange } from './range.ts'

const address = (text: string) => parseAddress(text) ?? assert.fail(text)
const range = (text: string) => parseAddressOrRange(text) ?? assert.fail(text)

suite('parseRange', () => {
  const read: Record<string, [string, string, string]> = {
    '198.51.100.77/24': ['198.51.100.0/24', '198.51.100.0', '198.51.100.255'],
    '0.0.0.0/0': ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    '192.0.2.7/32': ['192.0.2.7/32', '192.0.2.7', '192.0.2.7'],
    '2001:db8:1::1/33': ['2001:db8::/33', '2001:db8::', '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff'],
    '::/0': ['::/0', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    '2001:db8::ff/127': ['2001:db8::fe/127', '2001:db8::fe', '2001:db8::ff'],
  }
  for (const [text, [canonical, first, last]] of Object.entries(read)) {
    test(text, () => {
      const it = range(text)
      assert.deepEqual(
        [it.toString(), it.first.toString(), it.last.toString()],
        [canonical, first, last],
      )
    })
  }
  const refused = ['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '::/129', '10.0.0.0/08', '10.0.0.0/+8']
  for (const text of [...refused, '10.0.0.0/-1', '10.0.0.0/8/8', '/8', '10.0.0/8', '::/1e1']) {
    test(`${text} is refused`, () => assert.equal(parseRange(text), undefined))
  }
  test('an address is a range of one where that is asked for', () => {
    assert.equal(parseAddressOrRange('192.0.2.7')?.toString(), '192.0.2.7/32')
    assert.equal(parseAddressOrRange('::1')?.isSingle, true)
    assert.equal(parseAddressOrRange('192.0.2'), undefined)
  })
  test('a mapped range is the IPv4 range', () => {
    assert.equal(range('::ffff:10.1.0.0/104').unmapped().toString(), '10.0.0.0/8')
    assert.equal(range('::/0').unmapped().toString(), '::/0')
  })
  test('a length that does not exist is thrown', () => {
    assert.throws(() => AddressRange.of(address('192.0.2.1'), 33), RangeError)
  })
})

const anyAddress = fc.oneof(
  fc.integer().map((bits) => Address.ofIpv4(bits)),
  // Few different high words, so that prefixes meet.
  fc
    .tuple(fc.constantFrom(0, 0x20010db8), fc.constantFrom(0, -1), fc.integer(), fc.integer())
    .map((w) => Address.ofIpv6(...w)),
)
const anyRange = fc
  .tuple(anyAddress, fc.nat(128))
  .map(([a, length]) => AddressRange.of(a, a.family === 4 ? length % 33 : length))

suite('laws', () => {
  test('Node agrees what a range contains', () => {
    const law = fc.property(anyRange, anyAddress, fc.nat(128), (r, a, keep) => {
      // An address that agrees with the range for `keep` bits finds its edge.
      const near = r.first.family === a.family ? blend(r.last, a, keep) : a
      const list = new BlockList()
      const family = r.first.family === 4 ? 'ipv4' : 'ipv6'
      list.addSubnet(r.first.toString(), r.prefixLength, family)
      const isIn = near.family === r.first.family && list.check(near.toString(), family)
      assert.equal(r.contains(near), isIn)
    })
    fc.assert(law, { numRuns: 500 })
  })

  test('a range contains exactly what stands between its first and last address', () => {
    const law = fc.property(anyRange, anyAddress, (r, a) => {
      const isBetween = compareAddresses(r.first, a) <= 0 && compareAddresses(a, r.last) <= 0
      assert.equal(r.contains(a), a.family === r.first.family && isBetween)
    })
    fc.assert(law)
  })

  test('two ranges overlap exactly when one covers the other', () => {
    const law = fc.property(anyRange, anyRange, (a, b) => {
      assert.equal(a.overlaps(b), a.covers(b) || b.covers(a))
      assert.equal(a.covers(b), a.contains(b.first) && a.contains(b.last))
      assert.equal(a.equals(b), compareRanges(a, b) === 0)
    })
    fc.assert(law)
  })

  test('the text of a range reads as the same range', () => {
    const law = fc.property(anyRange, (r) => parseRange(r.toString())?.equals(r) === true)
    fc.assert(law)
  })
})

/** The first `keep` bits of `a`, the rest of `b`. */
function blend(a: Address, b: Address, keep: number): Address {
  const bits = a.family === 4 ? 32 : 128
  const text = [...Array(bits).keys()].map((i) => bit(i < keep % (bits + 1) ? a : b, i)).join('')
  const words = text.match(/.{32}/g)?.map((word) => Number.parseInt(word, 2)) ?? []
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words
  return a.family === 4 ? Address.ofIpv4(w0) : Address.ofIpv6(w0, w1, w2, w3)
}

function bit(a: Address, index: number): number {
  return (([a.w0, a.w1, a.w2, a.w3][index >> 5] ?? 0) >>> (31 - (index & 31))) & 1
}
