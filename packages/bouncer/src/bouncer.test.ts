import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { silentLog } from '@tocsin/telemetry'
import { BanTable } from './ban-table.ts'
import { Bouncer, type BouncerOptions } from './bouncer.ts'
import type { FeedDecision, FeedUpdate } from './decision-feed.ts'
import { MemoryEnforcer } from './memory-enforcer.ts'
import { writeSnapshot } from './snapshot.ts'
import { decision, rangeOf } from './testing/enforcer-contract.ts'

const startMs = 1_767_225_600_000

/** A bouncer whose feed says these updates, one after the other, and then ends. */
function scene(options: Partial<BouncerOptions> = {}) {
  const clock = { ms: startMs, nowMs: () => clock.ms }
  const enforcer = new MemoryEnforcer({ clock })
  let updates: readonly FeedUpdate[] = []
  const bouncer = new Bouncer({
    async *feed() {
      yield* updates
      heard.resolve()
    },
    enforcer,
    clock,
    log: silentLog,
    random: () => 0.5,
    sleep: async () => {
      await heard.promise
      controller.abort()
    },
    ...options,
  })
  let heard = Promise.withResolvers<void>()
  let controller = new AbortController()
  return {
    clock,
    enforcer,
    bouncer,
    async hear(...told: FeedUpdate[]) {
      updates = told
      heard = Promise.withResolvers()
      controller = new AbortController()
      await bouncer.run(controller.signal)
    },
    blocks: (text: string) => enforcer.has(rangeOf(text).first),
  }
}

const snapshot = (...added: FeedDecision[]): FeedUpdate => {
  return { kind: 'snapshot', added, deleted: [], receivedMs: startMs }
}
const delta = (added: FeedDecision[], deleted: FeedDecision[] = []): FeedUpdate => {
  return { kind: 'delta', added, deleted, receivedMs: startMs }
}
const failure: FeedUpdate = { kind: 'failure', error: new Error('connection refused') }

suite('Bouncer', () => {
  test('follows its feed', async () => {
    const it = scene()
    const first = decision('192.0.2.1')
    await it.hear(snapshot(first), delta([decision('192.0.2.2', { id: 2 })], [first]))
    assert.deepEqual([it.blocks('192.0.2.1'), it.blocks('192.0.2.2')], [false, true])
    const { expected, enforced, feed, problems } = it.bouncer.status()
    assert.deepEqual(
      { expected, enforced, pulls: feed.pulls, problems },
      {
        expected: 1,
        enforced: 1,
        pulls: 2,
        problems: [],
      },
    )
  })

  test('a feed that fails takes nothing away and is said', async () => {
    const it = scene()
    await it.hear(snapshot(decision('192.0.2.1')), failure, failure)
    assert.equal(it.blocks('192.0.2.1'), true)
    assert.deepEqual(it.bouncer.status().problems, ['decisions are not heard: connection refused'])
    assert.equal(it.bouncer.status().feed.failures, 2)
  })

  test('knowing nothing, it leaves alone what stands', async () => {
    const it = scene()
    const before = scene()
    await before.hear(snapshot(decision('192.0.2.1')))
    const { bans } = await before.enforcer.read()
    const none = new BanTable()
    await it.enforcer.apply({
      rebuild: true,
      add: bans,
      update: none,
      replaced: none,
      remove: none,
    })
    await it.hear(failure)
    assert.equal(it.blocks('192.0.2.1'), true)
  })

  const stances = { static: [true, false], open: [false, false], closed: [true, true] } as const
  for (const [whenStale, [banned, others]] of Object.entries(stances)) {
    test(`too old, it stands ${whenStale}`, async () => {
      const it = scene({
        staleAfterMs: 60_000,
        whenStale: whenStale as keyof typeof stances,
        allow: [rangeOf('192.0.2.99')],
      })
      await it.hear(snapshot(decision('192.0.2.1')))
      it.clock.ms += 59_000
      await it.bouncer.sync()
      assert.deepEqual([it.blocks('192.0.2.1'), it.blocks('192.0.2.2')], [true, false])
      it.clock.ms += 2_000
      await it.bouncer.sync()
      assert.deepEqual([it.blocks('192.0.2.1'), it.blocks('192.0.2.2')], [banned, others])
      assert.equal(it.blocks('192.0.2.99'), false)
      assert.deepEqual(it.bouncer.status().problems, [
        `decisions are too old, stance is ${whenStale}`,
      ])
      await it.hear({ ...snapshot(decision('192.0.2.1')), receivedMs: it.clock.ms } as FeedUpdate)
      assert.deepEqual([it.blocks('192.0.2.1'), it.blocks('192.0.2.2')], [true, false])
      assert.deepEqual(it.bouncer.status().problems, [])
    })
  }

  test('decisions that cannot be right are counted, nothing else is lost', async () => {
    const it = scene()
    await it.hear(
      snapshot(
        decision('192.0.2.1'),
        decision('0.0.0.0/0'),
        decision('; reboot'),
        decision('192.0.2.2', { type: 'captcha' }),
      ),
    )
    assert.equal(it.blocks('192.0.2.1'), true)
    assert.equal(it.bouncer.status().totals.refused, 2)
  })

  test('an enforcer that fails is said, and tried again', async () => {
    const it = scene()
    const real = it.enforcer.isWhole.bind(it.enforcer)
    it.enforcer.isWhole = async () => {
      throw new Error('nft is not there')
    }
    await it.hear(snapshot(decision('192.0.2.1')))
    assert.deepEqual(it.bouncer.status().problems, ['not enforced: nft is not there'])
    assert.equal(it.bouncer.status().enforced, 0)
    it.enforcer.isWhole = real
    await it.bouncer.sync()
    assert.deepEqual(it.bouncer.status().problems, [])
    assert.equal(it.blocks('192.0.2.1'), true)
  })

  test('starts from its snapshot while the feed is away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-bouncer-'))
    try {
      const snapshotPath = join(folder, 'bans')
      await scene({ snapshotPath }).hear(snapshot(decision('192.0.2.1')))
      const again = scene({ snapshotPath })
      await again.hear(failure)
      assert.equal(again.blocks('192.0.2.1'), true)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a snapshot that is too old, or broken, is not used', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-bouncer-'))
    try {
      const snapshotPath = join(folder, 'bans')
      const held = {
        id: 1,
        range: rangeOf('192.0.2.1'),
        expiresS: startMs / 1000 + 60,
        origin: 'x',
      }
      await writeSnapshot(snapshotPath, startMs - 61_000, [held])
      const it = scene({ snapshotPath, staleAfterMs: 60_000 })
      await it.hear(failure)
      assert.equal(it.blocks('192.0.2.1'), false)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('verify says what differs', async () => {
    const it = scene()
    await it.hear(snapshot(decision('192.0.2.1'), decision('192.0.2.2', { id: 2 })))
    it.enforcer.forgetBan(rangeOf('192.0.2.2'))
    assert.deepEqual(await it.bouncer.verify(), {
      isWhole: true,
      expected: 2,
      standing: 1,
      missing: 1,
      wrong: 0,
      foreign: 0,
      examples: ['missing 192.0.2.2/32'],
    })
  })
})
