import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { FakeLapi, spreadAddress, streamed } from './support/fake-lapi.ts'
import { FirewallBouncer } from './support/firewall-bouncer.ts'
import { FirewallLab, whyNoFirewallLab } from './support/firewall-lab.ts'
import { waitFor } from './support/wait-for.ts'

const reason = whyNoFirewallLab()
if (reason !== undefined) console.error(`firewall under disruption is skipped: ${reason}`)
const skip = reason ?? false
const isLarge = process.env.TOCSIN_SYSTEM_LARGE !== undefined

suite('our firewall bouncer under disruption', { skip, concurrency: false }, () => {
  const kills = isLarge ? 50 : 10
  test(`killed ${kills} times in the middle of what it does`, { timeout: 600_000 }, async (t) => {
    await using scene = await start()
    const { lab, lapi } = scene
    let bans = 0
    for (let round = 0; round < kills; round++) {
      const bouncer = await scene.bouncer()
      // Another set every time: there is always something to do when it dies.
      lapi.all = Array.from({ length: 20_000 }, (_, i) =>
        streamed(i + 1, i % 10 === 0 ? rangeText(i + round) : spreadAddress(i + round * 1_000)),
      )
      bans = new Set(lapi.all.map(({ value }) => value)).size
      await delay(200 + ((round * 137) % 900))
      await bouncer.process.stop('SIGKILL')
    }
    const last = await scene.bouncer()
    const verified = await inStep(last)
    assert.ok(verified.standing >= bans * 0.99, `${verified.standing} of ${bans}`)
    t.diagnostic(`after ${kills} kills ${verified.standing} bans stand, none missing, none foreign`)
    await lab.expect({ [spreadAddress(kills * 1_000 + 7)]: false, '198.51.100.7': true })
  })

  const flushSeconds = isLarge ? 60 : 10
  test(`another program flushes all rules every second for ${flushSeconds} s`, {
    timeout: 180_000,
  }, async (t) => {
    await using scene = await start()
    scene.lapi.all = Array.from({ length: 1_000 }, (_, i) => streamed(i + 1, spreadAddress(i)))
    const bouncer = await scene.bouncer()
    await inStep(bouncer)
    for (let second = 0; second < flushSeconds; second++) {
      await scene.lab.onHost('nft', 'flush', 'ruleset')
      await delay(1_000)
    }
    await inStep(bouncer)
    const { totals } = await bouncer.status()
    assert.ok(totals.rebuilds >= flushSeconds / 4, JSON.stringify(totals))
    t.diagnostic(`${totals.rebuilds} rebuilds after ${flushSeconds} flushes`)
  })

  test('another program changes single elements and rules', { timeout: 120_000 }, async () => {
    await using scene = await start()
    scene.lapi.all = [streamed(1, '198.51.100.7'), streamed(2, '203.0.113.0/24')]
    const bouncer = await scene.bouncer()
    await inStep(bouncer)
    const nft = (...words: string[]) => scene.lab.onHost('nft', ...words)
    await nft('delete', 'element', 'inet', 'tocsin', 'host4-7', '{ 198.51.100.7 }')
    await nft('add', 'element', 'inet', 'tocsin', 'host4-9', '{ 198.51.100.9 : "processed" }')
    await waitFor('the element', async () => !(await scene.lab.reaches('198.51.100.7')), 60_000)
    await nft('flush', 'chain', 'inet', 'tocsin', 'input')
    await waitFor('the rules', async () => !(await scene.lab.reaches('203.0.113.9')), 60_000)
    await inStep(bouncer)
    await scene.lab.expect({ '198.51.100.9': true })
  })

  test('without a Local API what stands stands, and after a restart too', {
    timeout: 120_000,
  }, async () => {
    await using scene = await start()
    scene.lapi.all = [streamed(1, '198.51.100.7'), streamed(2, '203.0.113.7', { duration: '12s' })]
    const first = await scene.bouncer()
    await inStep(first)
    await scene.lapi.close()
    await waitFor('it is said', async () => (await first.status()).feed.isFailing)
    await scene.lab.expect({ '198.51.100.7': false })
    await first.process.stop()
    await scene.lab.onHost('nft', 'flush', 'ruleset')
    const again = await scene.bouncer()
    await waitFor('the snapshot', async () => !(await scene.lab.reaches('198.51.100.7')))
    const { problems } = await again.status()
    assert.match(problems.join(), /decisions are not heard/)
    // Its time is over, whether anybody is heard or not.
    await waitFor('the end', () => scene.lab.reaches('203.0.113.7'))
    scene.lapi.all = [streamed(3, '198.51.100.8')]
    await scene.lapi.open()
    await waitFor('what is decided now', () => scene.lab.reaches('198.51.100.7'), 40_000)
    await scene.lab.expect({ '198.51.100.8': false })
  })

  test('hostile decisions are refused or contained, and nothing else is lost', {
    timeout: 120_000,
  }, async (t) => {
    await using scene = await start()
    const { lapi } = scene
    const values = [
      '1.2.3.4; nft flush ruleset',
      '1.2.3.4 } ; flush ruleset ; {',
      '$(touch /tmp/owned)',
      '`reboot`',
      '../../../etc/passwd',
      '0.0.0.0/0',
      '::/0',
      '127.0.0.1',
      // The host itself, and the gateway.
      '192.0.2.1',
      '2001:db8::1',
      '192.0.2.2',
      'x'.repeat(10_000_000),
    ]
    const hostile = values.map((value, i) => streamed(i + 1, value))
    const labels = Array.from({ length: 300 }, (_, i) =>
      streamed(500 + i, `198.18.${i >> 8}.${i & 255}`, {
        origin: 'lists',
        scenario: `"; drop ${i} }\n${'y'.repeat(5_000)}`,
      }),
    )
    const overlapping = Array.from({ length: 30_000 }, (_, i) =>
      streamed(10_000 + i, `11.${(i * 7) & 255}.${(i * 13) & 255}.0/${9 + (i % 16)}`, {
        // The narrower, the longer: each must be cut out of those around it.
        duration: `${1 + (i % 16)}h`,
      }),
    )
    lapi.all = [...hostile, streamed(900, '198.51.100.7'), ...labels, ...overlapping]
    const bouncer = await scene.bouncer()
    const { standing } = await inStep(bouncer)
    const { totals } = await bouncer.status()
    assert.equal(totals.refused, hostile.length)
    t.diagnostic(`30,000 overlapping ranges are ${standing - 301} pieces`)
    await scene.lab.expect({
      '198.51.100.7': false,
      '198.18.0.9': false,
      '198.51.100.8': true,
      '192.0.2.2': true,
    })
    const ruleset = await scene.lab.onHost('nft', 'list', 'counters')
    assert.doesNotMatch(
      ruleset,
      /; drop|yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy/,
    )
  })

  test('a flow that was there before the ban ends with it', { timeout: 60_000 }, async () => {
    await using scene = await start()
    const bouncer = await scene.bouncer()
    await scene.lab.expect({ '198.51.100.7': true })
    scene.lapi.tell([streamed(1, '198.51.100.7')])
    await waitFor('the ban', async () => (await bouncer.status()).enforced === 1)
    await scene.lab.expect({ '198.51.100.7': false })
  })
})

async function start() {
  const lab = await FirewallLab.create('disrupt')
  const lapi = new FakeLapi(lab.host.path('lapi.sock'))
  await lapi.open()
  return {
    lab,
    lapi,
    bouncer: () => FirewallBouncer.start(lab.host, 'a-key', ['--lapi-url', lapi.socket]),
    async [Symbol.asyncDispose]() {
      await lapi.close()
      await lab[Symbol.asyncDispose]()
    },
  }
}

/** Waits until nothing differs any more. */
function inStep(bouncer: FirewallBouncer) {
  return bouncer.process.ready(
    'what stands is what should',
    async () => {
      const { sync } = await bouncer.status()
      if (!sync) return undefined
      const verified = await bouncer.verify()
      const { isWhole, missing, wrong, foreign } = verified
      return isWhole && missing + wrong + foreign === 0 ? verified : undefined
    },
    60_000,
  )
}

function rangeText(i: number): string {
  return `${120 + ((i >> 12) & 7)}.${(i >> 4) & 255}.${(i & 15) << 4}.0/${20 + (i % 8)}`
}
