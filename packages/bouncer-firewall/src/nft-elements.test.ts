import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseAddressOrRange } from '@tocsin/address'
import { BanTable } from '@tocsin/bouncer'
import { elementCommands, type ListedElement, readElement } from './nft-elements.ts'
import { NftLayout } from './nft-layout.ts'

const nowS = 1_767_225_600
const layout = new NftLayout()

function table(...texts: string[]): BanTable {
  const bans = new BanTable()
  for (const text of texts) {
    const range = parseAddressOrRange(text)
    if (!range) throw new Error(text)
    bans.set(range, nowS + 60, 'crowdsec')
  }
  return bans
}

function parsed(commands: Iterable<string>): unknown[] {
  return [...commands].map((command) => JSON.parse(command) as unknown)
}

suite('elements of nft', () => {
  test('each goes to its map, with its time-out and the counter of its origin', () => {
    const bans = table(
      '192.0.2.23',
      '192.0.2.0/24',
      '2001:db8::1f',
      '2001:db8:0:7::/64',
      '2001:db8::/32',
    )
    const inMap = (name: string, elem: unknown) => ({
      add: { element: { family: 'inet', table: 'tocsin', name, elem: [elem] } },
    })
    const timed = (val: unknown) => [{ elem: { val, timeout: 60 } }, 'by-crowdsec']
    assert.deepEqual(parsed(elementCommands('add', layout, bans, { nowS })), [
      inMap('host4-7', timed('192.0.2.23')),
      inMap('range4', timed({ prefix: { addr: '192.0.2.0', len: 24 } })),
      inMap('host6-15', timed('2001:db8::1f')),
      inMap('net6-7', timed('2001:db8:0:7::')),
      inMap('range6', timed({ prefix: { addr: '2001:db8::', len: 32 } })),
    ])
  })

  test('what is over in a moment still has a second', () => {
    const bans = table('192.0.2.23')
    const text = [...elementCommands('add', layout, bans, { nowS: nowS + 60 })].join()
    assert.match(text, /"timeout":1\}/)
  })

  test('many are given in commands of 10,000', () => {
    const bans = new BanTable()
    for (let i = 0; i < 25_000; i++) {
      const range = parseAddressOrRange(`10.${i >> 8}.${i & 255}.3`)
      if (range) bans.set(range, nowS + 60, 'CAPI')
    }
    const commands = parsed(elementCommands('delete', layout, bans)) as {
      delete: { element: { elem: unknown[] } }
    }[]
    assert.deepEqual(
      commands.map((command) => command.delete.element.elem.length),
      [10_000, 10_000, 5_000],
    )
    assert.deepEqual(commands[0]?.delete.element.elem[0], ['10.0.0.3', 'by-CAPI'])
  })

  const read: readonly (readonly [string, unknown, boolean, string | undefined])[] = [
    ['a host', { elem: { val: '192.0.2.7', timeout: 60, expires: 59 } }, false, '192.0.2.7/32 59'],
    [
      'a range',
      { elem: { val: { prefix: { addr: '10.0.0.0', len: 8 } }, timeout: 60, expires: 5 } },
      false,
      '10.0.0.0/8 5',
    ],
    ['a network', { elem: { val: '2001:db8::', timeout: 9, expires: 8 } }, true, '2001:db8::/64 8'],
    ['one without end', '192.0.2.7', false, `192.0.2.7/32 ${Number.MAX_SAFE_INTEGER - nowS}`],
    [
      'a span that is no range',
      { elem: { val: { range: ['10.0.0.1', '10.0.0.9'] } } },
      false,
      undefined,
    ],
    ['no address', { elem: { val: 'localhost' } }, false, undefined],
    ['nothing', null, false, undefined],
  ]
  for (const [title, key, isNet6, expected] of read) {
    test(`${title} is ${expected ?? 'none of ours'}`, () => {
      const ban = readElement([key, 'by-cscli'] as ListedElement, isNet6, nowS)
      assert.equal(ban && `${ban.range} ${ban.expiresS - nowS}`, expected)
      if (ban) assert.equal(ban.origin, 'cscli')
    })
  }

  test('an element that counts for nobody is none of ours', () => {
    assert.equal(readElement(['192.0.2.7', 'processed'], false, nowS), undefined)
  })
})
