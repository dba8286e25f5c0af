import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Address } from './address.ts'
import { parseAddress, parseLoggedAddress } from './parse-address.ts'

suite('parseAddress', () => {
  const read: Record<string, string> = {
    '192.0.2.1': '192.0.2.1',
    '0.0.0.0': '0.0.0.0',
    '255.255.255.255': '255.255.255.255',
    '::': '::',
    '::1': '::1',
    '1::': '1::',
    '2001:DB8:0:0:0:0:0:1': '2001:db8::1',
    '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
    '2001:0:0:1:0:0:0:1': '2001:0:0:1::1',
    '2001:db8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
    '1:2:3:4:5:6:7::': '1:2:3:4:5:6:7:0',
    '::2:3:4:5:6:7:8': '0:2:3:4:5:6:7:8',
    '::1.2.3.4': '::102:304',
    '::ffff:192.0.2.1': '::ffff:192.0.2.1',
    '::ffff:c000:201': '::ffff:192.0.2.1',
    '64:ff9b::192.0.2.33': '64:ff9b::c000:221',
    '1:2:3:4:5:6:1.2.3.4': '1:2:3:4:5:6:102:304',
    '0000:0000:0000:0000:0000:ffff:255.255.255.255': '::ffff:255.255.255.255',
  }
  for (const [text, canonical] of Object.entries(read)) {
    test(text, () => assert.equal(parseAddress(text)?.toString(), canonical))
  }
  const refused = [
    ...['', '1', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.', '.1.2.3', '1..2.3', '1.2.3.4 '],
    ...['010.0.0.1', '1.2.3.00', '0x1.2.3.4', '1.2.3.4/8', '1.2.3.4:80', ' 1.2.3.4', '١.2.3.4'],
    ...[':', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2:3:4:5:6:7:8', '1:::2', '1::2::3'],
    ...['12345::', '::g', ':1::', '1:', '::1:', '::1.2.3', '1:2:3:4:5:6:7:1.2.3.4', '::1.2.3.4:5'],
    ...[
      'fe80::1%eth0',
      '[::1]',
      '::01.2.3.4',
      '::ffff:1.2.3.4.5',
      'localhost',
      '1:2\0',
      '1.2.3.4\n',
    ],
  ]
  for (const text of refused) {
    test(`${JSON.stringify(text)} is refused`, () => assert.equal(parseAddress(text), undefined))
  }
})

suite('parseLoggedAddress', () => {
  const read: Record<string, string> = {
    '192.0.2.1': '192.0.2.1',
    '192.000.002.001': '192.0.2.1',
    '192.0.2.1:443': '192.0.2.1',
    '[2001:db8::1]:443': '2001:db8::1',
    '[2001:db8::1]': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1',
    '[fe80::1%25eth0]:1': 'fe80::1',
  }
  for (const [text, canonical] of Object.entries(read)) {
    test(text, () => assert.equal(parseLoggedAddress(text)?.toString(), canonical))
  }
  const refused = ['192.0.2.1:', '192.0.2.1:65536', '192.0.2.1:1x', '[::1', '[::1]x', '::1]', '[]']
  for (const text of [...refused, '192.0.2.1%eth0', '::1%', '0000.0.0.1', 'fe80', '', ':80']) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.equal(parseLoggedAddress(text), undefined)
    })
  }
})

suite('laws', () => {
  const word = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 0xffff, 0x10000))
  const address = fc.oneof(
    word.map((bits) => Address.ofIpv4(bits)),
    fc.tuple(word, word, word, word).map((w) => Address.ofIpv6(...w)),
  )

  test('the text of an address reads as the same address', () => {
    const law = fc.property(address, (a) => parseAddress(a.toString())?.equals(a) === true)
    fc.assert(law)
  })

  test('Node knows the same texts, zones aside', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0129af:.:.:'), maxLength: 20 })
    const text = fc.oneof(near, fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string())
    const law = fc.property(text, (t) => {
      assert.equal(parseAddress(t)?.family ?? 0, t.includes('%') ? 0 : isIP(t))
    })
    fc.assert(law, { numRuns: 5000 })
  })

  test('what is strictly an address is one in a log too', () => {
    const law = fc.property(address, (a) => {
      assert.equal(parseLoggedAddress(a.toString())?.toString(), a.toString())
    })
    fc.assert(law)
  })
})
