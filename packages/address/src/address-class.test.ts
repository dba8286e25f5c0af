import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type AddressClass, classifyAddress, isLocalAddress } from './address-class.ts'
import { parseAddress } from './parse-address.ts'

const classes: Record<string, AddressClass> = {
  '0.0.0.0': 'unspecified',
  '0.1.2.3': 'reserved',
  '127.255.0.1': 'loopback',
  '10.1.2.3': 'private',
  '172.15.255.255': 'global',
  '172.16.0.0': 'private',
  '172.31.255.255': 'private',
  '172.32.0.0': 'global',
  '192.168.255.1': 'private',
  '100.64.0.1': 'shared',
  '100.128.0.0': 'global',
  '169.254.1.1': 'link-local',
  '192.0.2.1': 'documentation',
  '198.51.100.1': 'documentation',
  '203.0.113.1': 'documentation',
  '198.19.0.1': 'benchmarking',
  '224.0.0.1': 'multicast',
  '240.0.0.1': 'reserved',
  '255.255.255.255': 'broadcast',
  '1.1.1.1': 'global',
  '::': 'unspecified',
  '::1': 'loopback',
  'fd00::1': 'private',
  'fe80::1': 'link-local',
  'ff02::1': 'multicast',
  '2001:db8::1': 'documentation',
  '2606:4700::1': 'global',
  '::ffff:10.0.0.1': 'private',
}

suite('classifyAddress', () => {
  for (const [text, name] of Object.entries(classes)) {
    test(`${text} is ${name}`, () => {
      const address = parseAddress(text) ?? assert.fail(text)
      assert.equal(classifyAddress(address), name)
      const isLocal = ['loopback', 'private', 'shared', 'link-local'].includes(name)
      assert.equal(isLocalAddress(address), isLocal)
    })
  }
})
