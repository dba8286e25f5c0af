import assert from 'node:assert/strict'
import { isIPv4, isIPv6 } from 'node:net'
import { suite, test } from 'node:test'
import { createTextDict } from '@tocsin/model'
import fc from 'fast-check'
import { PatternLibrary } from '../index.ts'

const library = PatternLibrary.base()
const found = library.compile('%{IP:ip}')
const wholeIpv6 = library.compile('^%{IPV6:ip}$')
const wholeIpv4 = library.compile('^%{IPV4:ip}$')

function find(text: string): string | undefined {
  const dict = createTextDict()
  return found.match(text, dict) ? dict.ip : undefined
}

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
const dotted = fc.ipV4()

/** Nearly an address: the pieces that addresses are made of, in any order. */
const nearly = fc
  .array(fc.oneof(group, dotted, fc.constantFrom(':', ':', ':', '::', '.', '0', 'g')), {
    minLength: 1,
    maxLength: 17,
  })
  .map((pieces) => pieces.join(''))

/** Eight groups with up to all of them left out, and perhaps a dotted tail. */
const address = fc
  .record({
    groups: fc.array(group, { minLength: 8, maxLength: 8 }),
    gapStart: fc.nat(8),
    gapLength: fc.nat(8),
    tail: fc.option(dotted, { nil: undefined }),
  })
  .map(({ groups, gapStart, gapLength, tail }) => {
    const all = tail === undefined ? groups : [...groups.slice(0, 6), tail]
    if (gapLength === 0) return all.join(':')
    const start = Math.min(gapStart, tail === undefined ? 8 : 6)
    const end = Math.min(start + gapLength, tail === undefined ? 8 : 6)
    if (start === end) return all.join(':')
    return `${all.slice(0, start).join(':')}::${all.slice(end).join(':')}`
  })

/** RFC 4291 form by form, after how many groups stand before the gap: long, and plain to see. */
function formByForm(): RegExp {
  const h = '[0-9a-fA-F]{1,4}'
  const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
  const v4 = `${octet}(?:\\.${octet}){3}`
  const forms = [`(?:${h}:){7}(?:${h}|:)`, `(?:${h}:){6}(?:${v4}|:${h}|:)`]
  for (let before = 5; before >= 0; before--) {
    const after = 7 - before
    const tail = `(?::${h}){0,${after - 2}}:${v4}|(?::${h}){1,${after}}|:`
    forms.push(before === 0 ? `:(?:${tail})` : `(?:${h}:){${before}}(?:${tail})`)
  }
  return new RegExp(forms.join('|'))
}

suite('IP', () => {
  test('every generated IPv6 address is one', () => {
    fc.assert(fc.property(address, (text) => isIPv6(text)))
  })

  test('an IPv6 address in a line is found whole', () => {
    const law = fc.property(address, (text) => find(`from [${text}] port 22`) === text)
    fc.assert(law, { numRuns: 500 })
  })

  test('what fast-check calls an address is one', () => {
    fc.assert(fc.property(fc.ipV6(), (text) => wholeIpv6.match(text, createTextDict())))
    fc.assert(fc.property(fc.ipV4(), (text) => find(text) === text))
  })

  test('a whole text is an IPv6 address when Node says so', () => {
    const law = fc.property(
      fc.oneof(nearly, address),
      (text) => wholeIpv6.match(text, createTextDict()) === isIPv6(text),
    )
    fc.assert(law, { numRuns: 1000 })
  })

  test('what Node calls an IPv4 address is one, and leading zeros are allowed beside', () => {
    const octet = fc.integer({ min: 0, max: 299 }).map((value) => String(value).padStart(2, '0'))
    const text = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'))
    const law = fc.property(text, (candidate) => {
      const plain = candidate.replace(/\b0+(?=\d)/g, '')
      return wholeIpv4.match(candidate, createTextDict()) === isIPv4(plain)
    })
    fc.assert(law, { numRuns: 500 })
  })

  test('the first address of any text is that of the forms written one by one', () => {
    const forms = formByForm()
    const ipv6 = library.compile('%{IPV6:ip}')
    const law = fc.property(fc.oneof(nearly, address), (text) => {
      const dict = createTextDict()
      ipv6.match(text, dict)
      return dict.ip === forms.exec(text)?.[0]
    })
    fc.assert(law, { numRuns: 2000 })
  })

  const rows: Record<string, string | undefined> = {
    '12:30:45': undefined,
    '2026-03-12T12:30:45+00:00': undefined,
    '00:11:22:33:44:55': undefined,
    '1:2:3:4:5:6:7': undefined,
    '::ffff:192.0.2.1 -': '::ffff:192.0.2.1',
    '2001:db8::1:': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1%eth0',
    '::': '::',
    '[::1]:8080': '::1',
    '192.0.2.255': '192.0.2.255',
    '256.1.1.1': '56.1.1.1',
    '192.0.2': undefined,
    '010.001.000.255': '010.001.000.255',
    '1.2.3.4.5': '1.2.3.4',
    'v1.2.3.4-5': '1.2.3.4',
  }
  for (const [text, expected] of Object.entries(rows)) {
    test(`${text} has ${expected ?? 'none'}`, () => assert.equal(find(text), expected))
  }
})
