import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { DnsCache } from './dns-cache.ts'
import { createFakeResolver } from './testing/fake-resolver.ts'

const answers = {
  '192.0.2.1': ['Crawl-1.Example.ORG.', 'liar.example.net.'],
  'crawl-1.example.org': ['203.0.113.9', '::ffff:192.0.2.1'],
  'liar.example.net': ['203.0.113.9'],
  '192.0.2.2': [],
  '192.0.2.3': ['a.example.', 'b.example.', 'c.example.', 'd.example.'],
  'd.example': ['192.0.2.3'],
}

function createDns() {
  const clock = { ms: 0, nowMs: () => clock.ms }
  const resolver = createFakeResolver(answers)
  return { clock, resolver, dns: new DnsCache({ clock, resolver }) }
}

suite('DnsCache', () => {
  test('what is not known is looked up for the next who asks', async () => {
    const { dns, resolver } = createDns()
    assert.deepEqual(dns.reverse('192.0.2.1'), [])
    assert.deepEqual(dns.reverse('192.0.2.1'), [])
    await dns.settle()
    assert.deepEqual(dns.reverse('192.0.2.1'), ['Crawl-1.Example.ORG.', 'liar.example.net.'])
    assert.deepEqual(dns.reverse('::ffff:192.0.2.1')[0], 'Crawl-1.Example.ORG.')
    assert.deepEqual(resolver.asked, ['192.0.2.1'])
  })

  test('lookups at one time are merged', async () => {
    const { dns, resolver } = createDns()
    const all = await Promise.all([dns.resolve('192.0.2.1'), dns.resolve('192.0.2.1')])
    assert.equal(all[0], all[1])
    assert.equal(resolver.asked.length, 1)
  })

  test('an answer is kept for an hour', async () => {
    const { dns, clock, resolver } = createDns()
    await dns.resolve('192.0.2.1')
    clock.ms += 3_599_999
    assert.equal((await dns.resolve('192.0.2.1')).length, 2)
    assert.equal(resolver.asked.length, 1)
    clock.ms += 1
    await dns.resolve('192.0.2.1')
    assert.equal(resolver.asked.length, 2)
  })

  for (const [what, address] of Object.entries({ failure: '192.0.2.9', 'no name': '192.0.2.2' })) {
    test(`${what} is kept for five minutes`, async () => {
      const { dns, clock, resolver } = createDns()
      assert.deepEqual(await dns.resolve(address), [])
      clock.ms += 299_999
      assert.deepEqual(dns.reverse(address), [])
      await dns.settle()
      assert.equal(resolver.asked.length, 1)
      clock.ms += 1
      await dns.resolve(address)
      assert.equal(resolver.asked.length, 2)
    })
  }

  test('names count when they lead back to the address', async () => {
    const { dns } = createDns()
    assert.deepEqual(dns.confirmedNames('192.0.2.1'), [])
    assert.deepEqual(await dns.resolveConfirmed('192.0.2.1'), ['crawl-1.example.org'])
    assert.deepEqual(dns.confirmedNames('192.0.2.1'), ['crawl-1.example.org'])
  })

  test('only the first three names are confirmed', async () => {
    const { dns, resolver } = createDns()
    assert.deepEqual(await dns.resolveConfirmed('192.0.2.3'), [])
    assert.ok(!resolver.asked.includes('d.example'))
  })

  test('hosts are known by name without case and trailing dot', async () => {
    const { dns } = createDns()
    assert.deepEqual(await dns.resolveHost('LIAR.example.net.'), ['203.0.113.9'])
    assert.deepEqual(dns.lookupHost('liar.example.net'), ['203.0.113.9'])
  })

  test('what is no address is never asked for', async () => {
    const { dns, resolver } = createDns()
    assert.deepEqual(dns.reverse('example.org'), [])
    assert.deepEqual(await dns.resolveConfirmed('192.0.2.1; rm'), [])
    assert.equal(resolver.asked.length, 0)
  })

  test('without a resolver nothing is known', async () => {
    const dns = new DnsCache({ clock: { nowMs: () => 0 } })
    assert.deepEqual(await dns.resolve('192.0.2.1'), [])
    assert.deepEqual(dns.lookupHost('example.org'), [])
  })

  test('a lookup that takes too long is a failure', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const never = () => new Promise<string[]>(() => {})
    const dns = new DnsCache({
      clock: { nowMs: () => 0 },
      resolver: { reverse: never, lookup: never },
    })
    const asked = dns.resolve('192.0.2.1')
    t.mock.timers.tick(3000)
    assert.deepEqual(await asked, [])
    await dns.settle()
  })

  test('a resolver that throws is a failure', async () => {
    const fail = () => {
      throw new Error('no socket')
    }
    const dns = new DnsCache({
      clock: { nowMs: () => 0 },
      resolver: { reverse: fail, lookup: fail },
    })
    assert.deepEqual(await dns.resolve('192.0.2.1'), [])
  })

  test('a flood of addresses asks for a bounded number of them', async () => {
    const { dns, resolver } = createDns()
    for (let i = 0; i < 5000; i++) dns.reverse(`10.0.${i >> 8}.${i & 255}`)
    await dns.settle()
    assert.equal(resolver.asked.length, 512)
  })
})
