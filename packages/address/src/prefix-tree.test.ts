import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Address } from './address.ts'
import { AddressSet } from './address-set.ts'
import { parseAddress } from './parse-address.ts'
import { type PrefixEntry, PrefixTree } from './prefix-tree.ts'
import { AddressRange, compareRanges, parseRange } from './range.ts'

const address = (text: string) => parseAddress(text) ?? assert.fail(text)
const range = (text: string) => parseRange(text) ?? assert.fail(text)

/** Addresses of few bits that vary, so that ranges meet, nest and collide. */
const crowded = fc.oneof(
  fc.tuple(fc.nat(15), fc.nat(15)).map(([a, b]) => Address.ofIpv4((a << 28) | b)),
  fc
    .tuple(fc.nat(7), fc.nat(3), fc.nat(3))
    .map(([a, b, c]) => Address.ofIpv6(a << 29, b << 31, b, c)),
)
const crowdedRange = fc
  .tuple(crowded, fc.oneof(fc.nat(6), fc.nat(128), fc.constant(128)))
  .map(([a, n]) => AddressRange.of(a, a.family === 4 ? Math.min(n, 32) : n))
const change = fc.record({
  range: crowdedRange,
  isDeletion: fc.boolean(),
  value: fc.nat(),
})

suite('PrefixTree', () => {
  test('the most specific range wins', () => {
    const tree = new PrefixTree<string>()
    tree.set(range('10.0.0.0/8'), 'wide')
    tree.set(range('10.1.0.0/16'), 'narrow')
    tree.set(range('10.1.2.3/32'), 'host')
    tree.set(range('::/0'), 'six')
    const found = ['10.9.9.9', '10.1.9.9', '10.1.2.3', '11.0.0.1', '2001:db8::1'].map((text) =>
      tree.find(address(text)),
    )
    assert.deepEqual(found, ['wide', 'narrow', 'host', undefined, 'six'])
    assert.deepEqual(tree.findAll(address('10.1.2.3')), ['wide', 'narrow', 'host'])
    assert.deepEqual(texts(tree.covering(range('10.1.0.0/17'))), ['10.0.0.0/8', '10.1.0.0/16'])
    assert.deepEqual(texts(tree.within(range('10.0.0.0/9'))), ['10.1.0.0/16', '10.1.2.3/32'])
  })

  test('undefined is a value too', () => {
    const tree = new PrefixTree<undefined>()
    tree.set(range('10.0.0.0/8'), undefined)
    assert.equal(tree.size, 1)
    assert.equal(tree.findAll(address('10.0.0.1')).length, 1)
  })

  test('after any changes it answers as a list that is searched in full', () => {
    const law = fc.property(fc.array(change, { maxLength: 60 }), crowded, (changes, probe) => {
      const tree = new PrefixTree<number>()
      const list = new Map<string, PrefixEntry<number>>()
      for (const { range: at, isDeletion, value } of changes) {
        const before = list.get(at.toString())?.value
        if (isDeletion) list.delete(at.toString())
        else list.set(at.toString(), { range: at, value })
        assert.equal(isDeletion ? tree.delete(at) : tree.set(at, value), before)
      }
      const sorted = [...list.values()].sort((a, b) => compareRanges(a.range, b.range))
      const around = sorted.filter((entry) => entry.range.contains(probe))
      assert.equal(tree.size, list.size)
      assert.deepEqual(flat(tree.entries()), flat(sorted))
      assert.equal(tree.find(probe), around.at(-1)?.value)
      assert.deepEqual(
        tree.findAll(probe),
        around.map((entry) => entry.value),
      )
      for (const { range: at } of changes.slice(0, 5)) {
        assert.equal(tree.get(at), list.get(at.toString())?.value)
        assert.deepEqual(flat(tree.within(at)), flat(sorted.filter((e) => at.covers(e.range))))
        assert.deepEqual(flat(tree.covering(at)), flat(sorted.filter((e) => e.range.covers(at))))
      }
    })
    fc.assert(law, { numRuns: 300 })
  })

  test('what is emptied holds nothing and can be filled again', () => {
    const tree = new PrefixTree<number>()
    for (const round of [0, 1]) {
      for (let i = 0; i < 1000; i++) tree.set(AddressRange.of(Address.ofIpv4(i * 77_777)), i)
      assert.equal(tree.size, 1000)
      for (let i = 0; i < 1000; i++) tree.delete(AddressRange.of(Address.ofIpv4(i * 77_777)))
      assert.equal(tree.size, 0, `round ${round}`)
      assert.deepEqual([...tree.entries()], [])
    }
    tree.set(range('10.0.0.0/8'), 1)
    tree.clear()
    assert.equal(tree.find(address('10.0.0.1')), undefined)
  })
})

test('AddressSet answers as a list that is searched in full', () => {
  const law = fc.property(
    fc.array(change, { maxLength: 80 }),
    fc.array(crowded, { maxLength: 10 }),
    (changes, probes) => {
      const set = new AddressSet()
      const list = new Map<string, AddressRange>()
      for (const { range: at, isDeletion } of changes) {
        const key = at.toString()
        if (isDeletion) assert.equal(set.delete(at), list.delete(key))
        else {
          assert.equal(set.add(at), !list.has(key))
          list.set(key, at)
        }
      }
      assert.equal(set.size, list.size)
      for (const probe of [...probes, ...changes.map((one) => one.range.first)]) {
        assert.equal(
          set.has(probe),
          [...list.values()].some((at) => at.contains(probe)),
        )
      }
    },
  )
  fc.assert(law, { numRuns: 300 })
})

test('a table of addresses that collide and are deleted loses none', () => {
  const law = fc.property(fc.array(fc.tuple(fc.nat(40), fc.boolean())), (changes) => {
    const set = new AddressSet()
    const list = new Set<number>()
    for (const [n, isDeletion] of changes) {
      const at = AddressRange.of(Address.ofIpv4(n))
      if (isDeletion) assert.equal(set.delete(at), list.delete(n))
      else {
        assert.equal(set.add(at), !list.has(n))
        list.add(n)
      }
    }
    for (let n = 0; n <= 40; n++) assert.equal(set.has(Address.ofIpv4(n)), list.has(n))
  })
  fc.assert(law, { numRuns: 500 })
})

function flat(entries: Iterable<PrefixEntry<number>>): string[] {
  return [...entries].map((entry) => `${entry.range.toString()}=${entry.value}`)
}

function texts(entries: Iterable<PrefixEntry<unknown>>): string[] {
  return [...entries].map((entry) => entry.range.toString())
}
