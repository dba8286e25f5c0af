import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Address, AddressRange } from '@tocsin/address'
import fc from 'fast-check'
import type { Ban } from './ban-table.ts'
import { flattenRanges, outermostRanges } from './flatten-ranges.ts'
import { rangeOf } from './testing/enforcer-contract.ts'

const noLimit = Number.POSITIVE_INFINITY

function ban(text: string, expiresS: number): Ban {
  return { range: rangeOf(text), expiresS, origin: `until ${expiresS}` }
}

function texts(bans: readonly Ban[]): string[] {
  return bans.map(({ range, expiresS }) => `${range.toString()} ${expiresS}`).sort()
}

suite('flattenRanges', () => {
  const tables: Readonly<Record<string, readonly [readonly Ban[], readonly string[]]>> = {
    'ranges apart stay as they are': [
      [ban('192.0.2.0/24', 1), ban('198.51.100.0/24', 2)],
      ['192.0.2.0/24 1', '198.51.100.0/24 2'],
    ],
    'one inside that ends sooner adds nothing': [
      [ban('192.0.2.0/25', 1), ban('192.0.2.0/24', 2)],
      ['192.0.2.0/24 2'],
    ],
    'one inside that ends later is cut out': [
      [ban('192.0.2.0/24', 1), ban('192.0.2.64/26', 2)],
      ['192.0.2.0/26 1', '192.0.2.128/25 1', '192.0.2.64/26 2'],
    ],
    'one inside one inside': [
      [ban('10.0.0.0/8', 1), ban('10.0.0.0/9', 2), ban('10.128.0.0/9', 3), ban('10.0.0.0/10', 1)],
      ['10.0.0.0/9 2', '10.128.0.0/9 3'],
    ],
    'IPv6 beside IPv4': [
      [ban('2001:db8::/32', 1), ban('2001:db8::/33', 2), ban('0.0.0.0/1', 9)],
      ['0.0.0.0/1 9', '2001:db8:8000::/33 1', '2001:db8::/33 2'],
    ],
  }
  for (const [title, [given, expected]] of Object.entries(tables)) {
    test(title, () => assert.deepEqual(texts(flattenRanges(given, noLimit)), [...expected]))
  }

  test('beyond the limit only the outermost are given', () => {
    const bans = [ban('10.0.0.0/8', 1), ban('10.7.7.0/24', 2), ban('11.0.0.0/8', 1)]
    assert.deepEqual(texts(flattenRanges(bans, 5)), ['10.0.0.0/8 1', '11.0.0.0/8 1'])
  })

  const small = fc
    .record({
      low: fc.nat({ max: 255 }),
      length: fc.integer({ min: 24, max: 32 }),
      expiresS: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ low, length, expiresS }): Ban => {
      const range = AddressRange.of(Address.ofIpv4(0xc0000200 | low), length)
      return { range, expiresS, origin: `until ${expiresS}` }
    })

  test('no two pieces overlap, and each address is banned as long as before', () => {
    const bans = fc.uniqueArray(small, { maxLength: 12, selector: ({ range }) => String(range) })
    const longest = (list: readonly Ban[], address: Address): number =>
      Math.max(0, ...list.filter(({ range }) => range.contains(address)).map((b) => b.expiresS))
    fc.assert(
      fc.property(bans, (given) => {
        const pieces = flattenRanges(given, noLimit)
        for (let low = 0; low < 256; low++) {
          const address = Address.ofIpv4(0xc0000200 | low)
          const around = pieces.filter(({ range }) => range.contains(address))
          assert.ok(around.length <= 1, `${address} is in ${around.length} pieces`)
          assert.equal(longest(pieces, address), longest(given, address), String(address))
        }
        for (const { expiresS, origin } of pieces) assert.equal(origin, `until ${expiresS}`)
      }),
    )
  })

  test('65,000 ranges in one are cut in time', () => {
    const bans = [ban('10.0.0.0/8', 1)]
    for (let i = 0; i < 65_000; i++) {
      const range = AddressRange.of(Address.ofIpv4(0x0a000000 | (i * 256 + 64)), 27)
      bans.push({ range, expiresS: 2 + (i % 3), origin: 'lists:hostile' })
    }
    const startMs = performance.now()
    const pieces = flattenRanges(bans, 200_000)
    // Too many pieces: one range is all that is given.
    assert.equal(pieces.length, 1)
    assert.ok(performance.now() - startMs < 2_000)
  })
})

test('outermostRanges leaves out what lies in others', () => {
  const given = ['192.0.2.7', '192.0.2.0/24', '2001:db8::/32', '2001:db8::7', '192.0.2.0/24']
  assert.deepEqual(outermostRanges(given.map(rangeOf)).map(String), [
    '192.0.2.0/24',
    '2001:db8::/32',
  ])
})
