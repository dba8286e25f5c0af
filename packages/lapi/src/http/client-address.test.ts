import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import fc from 'fast-check'
import { clientAddress } from './client-address.ts'

const proxies = ['10.0.0.0/8', '2001:db8::1']
  .map(parseAddressOrRange)
  .filter((range): range is AddressRange => range !== undefined)

/** Peer, X-Forwarded-For, X-Real-IP → who is believed to call. */
const rows: [peer: string | undefined, forwarded: string, real: string, expected: string][] = [
  ['192.0.2.1', '', '', '192.0.2.1'],
  ['192.0.2.1', '198.51.100.7', '198.51.100.7', '192.0.2.1'],
  ['10.0.0.1', '198.51.100.7', '', '198.51.100.7'],
  ['10.0.0.1', '127.0.0.1, 198.51.100.7', '', '198.51.100.7'],
  ['10.0.0.1', '198.51.100.7, 10.0.0.2', '', '198.51.100.7'],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', '', '10.0.0.3'],
  ['10.0.0.1', '198.51.100.7, garbage', '', '10.0.0.1'],
  ['10.0.0.1', 'garbage, 10.0.0.2', '', '10.0.0.1'],
  ['10.0.0.1', '', '198.51.100.8', '198.51.100.8'],
  ['10.0.0.1', '', 'garbage', '10.0.0.1'],
  ['::ffff:10.0.0.1', '::ffff:198.51.100.7', '', '198.51.100.7'],
  ['2001:db8::1', '2001:DB8:0::9', '', '2001:db8::9'],
  ['fe80::1%eth0', '', '', 'fe80::1'],
  [undefined, '127.0.0.1', '127.0.0.1', ''],
]

suite('clientAddress', () => {
  for (const [peer, forwarded, real, expected] of rows) {
    test(`${peer} for "${forwarded}" or "${real}" is "${expected}"`, () => {
      const headers = { 'x-forwarded-for': forwarded, 'x-real-ip': real }
      assert.equal(clientAddress(peer, headers, proxies), expected)
    })
  }

  test('no header moves a peer that is no proxy', () => {
    const law = fc.property(fc.string(), fc.string(), (forwarded, real) => {
      const headers = { 'x-forwarded-for': forwarded, 'x-real-ip': real }
      assert.equal(clientAddress('192.0.2.1', headers, proxies), '192.0.2.1')
    })
    fc.assert(law)
  })

  test('nobody behind a proxy becomes this machine by writing so', () => {
    const law = fc.property(fc.string(), (forged) => {
      const headers = { 'x-forwarded-for': `${forged}, 198.51.100.7` }
      assert.equal(clientAddress('10.0.0.1', headers, proxies), '198.51.100.7')
    })
    fc.assert(law)
  })
})
