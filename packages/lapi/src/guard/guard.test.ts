import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseAddressOrRange } from '@tocsin/address'
import { silentLog } from '@tocsin/telemetry'
import { alertRow } from '../testing/alert-row.ts'
import { alertBody, TestLapi } from '../testing/test-lapi.ts'
import { AllowlistEnforcer } from './allowlist-enforcer.ts'
import { Guard } from './guard.ts'
import { NameResolver } from './name-resolver.ts'
import { fixedEntries, NeverBan } from './never-ban.ts'
import {
  interfaceEntries,
  readIpv4Gateways,
  readIpv6Gateways,
  readSshClient,
} from './own-addresses.ts'

suite('what is never banned', () => {
  const both = new NeverBan(fixedEntries(true))
  const rows: [target: string, entry: string | undefined][] = [
    ['127.0.0.1', '127.0.0.0/8'],
    ['::1', '::1'],
    ['10.1.2.3', '10.0.0.0/8'],
    ['172.16.0.0/24', '172.16.0.0/12'],
    ['fe80::1', 'fe80::/10'],
    ['8.8.8.8', undefined],
    ['172.15.0.1', undefined],
  ]
  for (const [target, entry] of rows) {
    test(`${target}: ${entry ?? 'may be'}`, () => {
      const range = parseAddressOrRange(target)
      assert.ok(range)
      assert.equal(both.matches(range)[0]?.value, entry)
    })
  }

  test('a range that holds an entry is refused, too', () => {
    const everything = parseAddressOrRange('0.0.0.0/0')
    assert.ok(everything)
    assert.ok(both.matches(everything).length >= 5)
  })

  test('private ranges can be given up, loopback cannot', () => {
    const without = new NeverBan(fixedEntries(false))
    const [own, office] = ['127.0.0.1', '10.0.0.1'].map(parseAddressOrRange)
    assert.ok(own && office)
    assert.deepEqual([without.matches(own).length, without.matches(office).length], [1, 0])
  })
})

suite('own addresses', () => {
  test('gateways of IPv4', () => {
    const table = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`
    assert.deepEqual(readIpv4Gateways(table).map(String), ['192.168.1.1'])
  })

  test('gateways of IPv6', () => {
    const zeros = '0'.repeat(32)
    const table = `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
fe800000000000000000000000000000 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth0
`
    assert.deepEqual(readIpv6Gateways(table).map(String), ['fe80::1'])
  })

  test('the session of the administrator', () => {
    const sessions: Record<string, string[]> = {
      '198.51.100.7 50022 192.0.2.1 22': ['198.51.100.7'],
      'fe80::5%eth0 50022 fe80::1 22': ['fe80::5'],
      'nonsense 1 2 3': [],
      '': [],
    }
    for (const [text, expected] of Object.entries(sessions)) {
      assert.deepEqual(readSshClient(text).map(String), expected)
    }
    assert.deepEqual(readSshClient(undefined), [])
  })

  test('interfaces, whatever they are called', () => {
    const entries = interfaceEntries({
      eth0: [{ address: '192.0.2.1' }, { address: 'fe80::1%eth0' }],
      gone: undefined,
    })
    assert.deepEqual(
      entries.map(({ range }) => range.toString()),
      ['192.0.2.1/32', 'fe80::1/128'],
    )
  })
})

suite('allowlists', () => {
  const active = (lapi: TestLapi) => lapi.store.decisions.query({}).map(({ value }) => value)
  const ban = async (lapi: TestLapi, ...values: string[]) => {
    const decisions = values.map((value) => ({
      duration: '4h',
      origin: 'lists',
      scenario: 'list',
      scope: value.includes('/') ? 'Range' : 'Ip',
      type: 'ban',
      value,
    }))
    const headers = await lapi.machine(`m${values.join()}`)
    const body = JSON.stringify([alertBody({ decisions })])
    await lapi.request('POST', '/v1/alerts', { headers, body })
  }

  test('a new entry ends what is live against it, in both directions, once', async () => {
    await using lapi = await TestLapi.start()
    await ban(lapi, '192.0.2.1', '192.0.2.200', '198.51.100.0/24', '203.0.113.1')
    await lapi.store.allowlists.create({ name: 'office', description: '' })
    await lapi.store.allowlists.addItems('office', [
      { value: '192.0.2.0/25' },
      { value: '198.51.100.77' },
    ])
    await lapi.lapi.refreshGuard()
    assert.deepEqual(active(lapi), ['192.0.2.200', '203.0.113.1'])
  })

  test('what a person decided against an entry outlives a restart, what a list says does not', async () => {
    await using lapi = await TestLapi.start()
    const ban = (origin: string, value: string) => ({
      uuid: '',
      origin,
      type: 'ban',
      scope: 'Ip',
      value,
      scenario: 's',
      isSimulated: false,
      untilMs: lapi.clock.nowMs() + 3_600_000,
    })
    const enforcer = () => {
      const guard = new Guard(lapi.store.allowlists, new NeverBan(fixedEntries(true)))
      return new AllowlistEnforcer(lapi.store, guard, silentLog)
    }
    const decisions = [ban('cscli', '10.0.0.5'), ban('CAPI', '10.0.0.5'), ban('cscli', '192.0.2.5')]
    await lapi.store.alerts.insert([alertRow(decisions)])
    assert.equal(await enforcer().apply([]), 1)
    assert.deepEqual(active(lapi), ['10.0.0.5', '192.0.2.5'])
    const restarted = enforcer()
    assert.equal(await restarted.apply([]), 0)
    assert.equal(await restarted.apply(['192.0.2.5']), 1)
  })

  test('an entry that has expired does nothing', async () => {
    await using lapi = await TestLapi.start()
    await lapi.store.allowlists.create({ name: 'office', description: '' })
    const expiresMs = lapi.clock.nowMs() + 1_000
    await lapi.store.allowlists.addItems('office', [{ value: '192.0.2.0/25', expiresMs }])
    await ban(lapi, '192.0.2.1')
    assert.deepEqual(active(lapi), [])
    lapi.clock.advance(2_000)
    await lapi.lapi.refreshGuard()
    await ban(lapi, '192.0.2.2')
    assert.deepEqual(active(lapi), ['192.0.2.2'])
  })

  test('a name stands for its addresses, at once and when they change', async () => {
    let addresses = ['192.0.2.1']
    const resolveName = async () => addresses
    await using lapi = await TestLapi.start({ deps: { resolveName } })
    await ban(lapi, '192.0.2.1', '192.0.2.2')
    await lapi.store.allowlists.create({ name: 'home', description: '' })
    await lapi.store.allowlists.addItems('home', [{ value: 'home.example.org', comment: 'me' }])
    await lapi.lapi.refreshGuard()
    assert.deepEqual(active(lapi), ['192.0.2.2'])
    addresses = ['192.0.2.2']
    const headers = await lapi.machine()
    const check = await lapi.request('GET', '/v1/allowlists/check/192.0.2.1', { headers })
    assert.equal(check.text, '{"allowlisted":true,"reason":"home.example.org from home (me)"}')
  })

  test('a name that cannot be resolved keeps its last addresses', async () => {
    await using lapi = await TestLapi.start()
    await lapi.store.allowlists.create({ name: 'home', description: '' })
    await lapi.store.allowlists.addItems('home', [{ value: 'home.example.org' }])
    const answers: (readonly string[] | Error)[] = [['192.0.2.1'], new Error('SERVFAIL'), []]
    const resolver = new NameResolver(
      lapi.store.allowlists,
      async () => {
        const answer = answers.shift() ?? []
        if (answer instanceof Error) throw answer
        return answer as readonly string[]
      },
      silentLog,
    )
    for (let i = 0; i < 3; i++) {
      await resolver.refresh()
      assert.deepEqual(resolver.addresses(), ['192.0.2.1'])
      assert.equal(lapi.store.allowlists.check('192.0.2.1')?.length, 1)
    }
    await lapi.store.allowlists.removeItems('home', ['home.example.org'])
    await resolver.refresh()
    assert.deepEqual(resolver.addresses(), [])
  })

  test('lists are shown with their items when asked for', async () => {
    await using lapi = await TestLapi.start()
    await lapi.store.allowlists.create({ name: 'office', description: 'us' })
    const expiresMs = lapi.clock.nowMs() + 3_600_000
    await lapi.store.allowlists.addItems('office', [
      { value: '192.0.2.1' },
      { value: '192.0.2.2', comment: 'printer', expiresMs },
    ])
    const headers = await lapi.machine()
    const { text } = await lapi.request('GET', '/v1/allowlists/office?with_content=true', {
      headers,
    })
    assert.equal(
      text,
      '{"allowlist_id":"","created_at":"2026-03-01T12:00:00.000Z","description":"us","items":[{"created_at":"2026-03-01T12:00:00.000Z","expiration":"0001-01-01T00:00:00.000Z","value":"192.0.2.1"},{"created_at":"2026-03-01T12:00:00.000Z","description":"printer","expiration":"2026-03-01T13:00:00.000Z","value":"192.0.2.2"}],"name":"office","updated_at":"2026-03-01T12:00:00.000Z"}',
    )
    const bare = await lapi.request('GET', '/v1/allowlists?with_content=1', { headers })
    assert.deepEqual(JSON.parse(bare.text)[0].items, [])
  })
})
