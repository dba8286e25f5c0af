import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { suite, test } from 'node:test'
import { FakeLapi, spreadAddress, streamed } from './support/fake-lapi.ts'
import { FirewallBouncer } from './support/firewall-bouncer.ts'
import { FirewallLab, whyNoFirewallLab } from './support/firewall-lab.ts'
import { waitFor } from './support/wait-for.ts'

const [load = 0] = loadavg()
/** How many times the promised time a run may take; the numbers themselves are printed. */
const patience = load > 1 ? 8 : 2

const reason = whyNoFirewallLab()
if (reason !== undefined) console.error(`firewall at scale is skipped: ${reason}`)
const skip = reason ?? false
const million = process.env.TOCSIN_SYSTEM_LARGE
  ? false
  : 'set TOCSIN_SYSTEM_LARGE=1: it takes minutes'

const rounds = 5

suite('our firewall bouncer at scale', { skip, concurrency: false }, () => {
  test('100,000 addresses and 5,000 ranges, then 1,000 changes', {
    timeout: 120_000,
  }, async (t) => {
    const scene = await start(100_000, 5_000)
    await using _ = scene
    const { bouncer, lapi, distinct } = scene
    const first = await scene.synced(distinct)
    t.diagnostic(`${distinct} bans from an empty kernel: ${first.appliedMs} ms`)
    // The promise is 5 s and 200 ms on an idle machine; a busy one must not fail what works.
    assert.ok(first.appliedMs <= 5_000 * patience, `${first.appliedMs} ms`)

    const applied: number[] = []
    let last = first
    for (let round = 0; round < rounds; round++) {
      const gone = lapi.all.slice(round * 500, round * 500 + 500)
      const come = Array.from({ length: 500 }, (_, i) =>
        streamed(9_000_000 + round * 500 + i, `9.${round}.${i >> 8}.${i & 255}`),
      )
      lapi.tell(come, gone)
      last = await bouncer.process.ready(`change ${round}`, async () => {
        const { lastChange: change } = await bouncer.status()
        const isNew = change && change.startedMs > last.startedMs
        return isNew && change.added === 500 && change.removed === 500 ? change : undefined
      })
      applied.push(last.appliedMs)
    }
    t.diagnostic(`1,000 changes, ${rounds} times: ${applied.join(', ')} ms`)
    // The best of them: other programs on the machine make the rest longer.
    assert.ok(Math.min(...applied) <= 200 * patience, applied.join(', '))
    t.diagnostic(`the process holds ${scene.processMb()} MB`)
    await scene.lab.expect({ '9.0.0.7': false, '9.0.2.7': true })
  })

  test('1,000,000 addresses', { timeout: 600_000, skip: million }, async (t) => {
    const before = kernelMb()
    const scene = await start(1_000_000, 0)
    await using _ = scene
    const first = await scene.synced(scene.distinct, 400_000)
    t.diagnostic(`${scene.distinct} bans from an empty kernel: ${first.appliedMs} ms`)
    t.diagnostic(
      `the process holds ${scene.processMb()} MB, the kernel's slabs ${kernelMb() - before} MB more`,
    )
    await scene.lab.expect({ [spreadAddress(999_999)]: false, '9.9.9.9': true })
  })
})

async function start(addresses: number, ranges: number) {
  const lab = await FirewallLab.create('scale')
  const lapi = new FakeLapi(lab.host.path('lapi.sock'))
  const hosts = Array.from({ length: addresses }, (_, i) =>
    streamed(i + 1, spreadAddress(i), { origin: i % 3 === 0 ? 'crowdsec' : 'CAPI' }),
  )
  const nets = Array.from({ length: ranges }, (_, i) =>
    streamed(
      5_000_000 + i,
      `${140 + (i >> 12)}.${(i >> 4) & 255}.${(i & 15) << 4}.0/${22 + (i % 3)}`,
    ),
  )
  lapi.all = [...hosts, ...nets]
  const distinct = new Set(lapi.all.map(({ value }) => value)).size
  await lapi.open()
  const bouncer = await FirewallBouncer.start(lab.host, 'a-key', ['--lapi-url', lapi.socket])
  return {
    async [Symbol.asyncDispose]() {
      await lapi.close()
      await lab[Symbol.asyncDispose]()
    },
    lab,
    lapi,
    bouncer,
    distinct,
    synced: (count: number, timeoutMs = 60_000) =>
      waitFor(
        `${count} bans`,
        async () => {
          const { lastChange, enforced } = await bouncer.status()
          return enforced === count ? lastChange : undefined
        },
        timeoutMs,
      ),
    processMb: () => {
      const status = readFileSync(`/proc/${bouncer.process.pid}/status`, 'utf8')
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
    },
  }
}

function kernelMb(): number {
  const slab = /Slab:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
  return Math.round(Number(slab) / 1024)
}
