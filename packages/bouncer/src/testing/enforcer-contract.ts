import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type AddressRange, parseAddress, parseAddressOrRange } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import { type Ban, BanTable } from '../ban-table.ts'
import type { FeedDecision } from '../decision-feed.ts'
import { DesiredSet, type DesiredSetOptions } from '../desired-set.ts'
import type { Enforcer } from '../enforcer.ts'
import { Reconciler } from '../reconciler.ts'

/** An enforcer to be tested, empty, with the clock that its time-outs follow. */
export interface EnforcerUnderTest {
  readonly enforcer: Enforcer
  readonly clock: Clock
  /** Loses all that was enforced, as when another program flushes the rules. */
  lose(): Promise<void>
  /** Why some cases cannot be run: `{ ranges: 'the service has no ranges' }`. */
  readonly skip?: Readonly<Partial<Record<ContractCase, string>>>
}

export type ContractCase = 'ranges' | 'ipv6' | 'lost'

/** A decision as a feed brings it, for tests. */
export function decision(value: string, fields: Partial<FeedDecision> = {}): FeedDecision {
  return {
    id: 1,
    origin: 'crowdsec',
    type: 'ban',
    scope: value.includes('/') ? 'Range' : 'Ip',
    value,
    duration: '4h',
    scenario: 'ssh-bf',
    ...fields,
  }
}

/** Reads an address or range of a test. */
export function rangeOf(text: string): AddressRange {
  const range = parseAddressOrRange(text)
  if (!range) throw new Error(`not a range: ${text}`)
  return range
}

class Scene {
  readonly under: EnforcerUnderTest
  readonly desired: DesiredSet
  readonly #reconciler: Reconciler

  constructor(under: EnforcerUnderTest, options: DesiredSetOptions = {}) {
    this.under = under
    this.desired = new DesiredSet(options)
    this.#reconciler = this.newReconciler()
  }

  /** One that knows nothing of what stands, as after a restart. */
  newReconciler(): Reconciler {
    const { enforcer, clock } = this.under
    const random = () => 0.5
    return new Reconciler({ enforcer, clock, desired: this.desired, log: silentLog, random })
  }

  async add(...decisions: FeedDecision[]): Promise<void> {
    this.desired.add(decisions, this.under.clock.nowMs())
    await this.sync()
  }

  async delete(...decisions: FeedDecision[]): Promise<void> {
    this.desired.delete(decisions)
    await this.sync()
  }

  async sync(): Promise<void> {
    const { expected, enforced } = await this.#reconciler.sync()
    assert.equal(enforced, expected)
  }

  async expect(blocked: Readonly<Record<string, boolean>>): Promise<void> {
    for (const [text, isBlocked] of Object.entries(blocked)) {
      const address = parseAddress(text)
      assert.ok(address, text)
      assert.deepEqual(await this.under.enforcer.blocks([address]), [isBlocked], text)
    }
  }

  /** Seconds that are left of what holds an address. */
  async secondsLeft(text: string): Promise<number> {
    const { bans } = await this.under.enforcer.read()
    const wanted = rangeOf(text)
    const ban: Ban | undefined = [...bans.bans()].find(({ range }) => range.covers(wanted))
    assert.ok(ban, `${text} is not held`)
    return ban.expiresS - this.under.clock.nowMs() / 1000
  }
}

/** What every enforcer owes, whatever it drives; each enforcer's test file calls it. */
export function enforcerContract(name: string, create: () => Promise<EnforcerUnderTest>): void {
  const scene = (
    title: string,
    play: (scene: Scene) => Promise<void>,
    options: DesiredSetOptions = {},
    needs?: ContractCase,
  ): void => {
    test(title, async (context) => {
      const under = await create()
      await using _ = under.enforcer
      const reason = needs ? under.skip?.[needs] : undefined
      if (reason !== undefined) {
        context.skip(reason)
        return
      }
      await play(new Scene(under, options))
    })
  }

  suite(`what an enforcer owes: ${name}`, () => {
    scene('a banned address is blocked, its neighbours are not', async (it) => {
      await it.add(decision('198.51.100.7'), decision('2001:db8::7', { id: 2 }))
      await it.expect({
        '198.51.100.7': true,
        '198.51.100.6': false,
        '198.51.100.8': false,
        '2001:db8::7': true,
        '2001:db8::8': false,
      })
    })

    scene(
      'a banned range blocks every address in it and none beside it',
      async (it) => {
        await it.add(decision('198.51.100.0/24'), decision('2001:db8:0:7::/64', { id: 2 }))
        await it.expect({
          '198.51.100.0': true,
          '198.51.100.77': true,
          '198.51.100.255': true,
          '198.51.99.255': false,
          '198.51.101.0': false,
          '2001:db8:0:7::': true,
          '2001:db8:0:7:1234::1': true,
          '2001:db8:0:8::': false,
          '2001:db8:0:6:ffff:ffff:ffff:ffff': false,
        })
      },
      {},
      'ranges',
    )

    scene(
      'an IPv6 address is widened to its network when that is chosen',
      async (it) => {
        await it.add(decision('2001:db8:0:7::1'))
        await it.expect({ '2001:db8:0:7::2': true, '2001:db8:0:8::1': false })
      },
      { ipv6PrefixLength: 64 },
      'ipv6',
    )

    scene(
      'ranges in ranges end one by one',
      async (it) => {
        const wide = decision('203.0.0.0/16', { duration: '1h' })
        const narrow = decision('203.0.113.0/24', { id: 2, duration: '4h' })
        await it.add(wide, narrow, decision('203.0.113.7', { id: 3 }))
        await it.expect({ '203.0.113.7': true, '203.0.113.8': true, '203.0.7.7': true })
        await it.delete(wide)
        await it.expect({ '203.0.113.7': true, '203.0.113.8': true, '203.0.7.7': false })
        await it.delete(narrow)
        await it.expect({ '203.0.113.7': true, '203.0.113.8': false })
      },
      {},
      'ranges',
    )

    scene('a lengthened ban is lengthened', async (it) => {
      await it.add(decision('198.51.100.7', { duration: '1m' }))
      await it.add(decision('198.51.100.7', { id: 2, duration: '4h' }))
      assert.ok((await it.secondsLeft('198.51.100.7')) > 4 * 3600 - 60)
    })

    scene(
      'a lengthened ban of a range is lengthened',
      async (it) => {
        await it.add(decision('198.51.100.0/24', { duration: '1m' }))
        await it.add(decision('198.51.100.0/24', { id: 2, duration: '4h' }))
        assert.ok((await it.secondsLeft('198.51.100.0/24')) > 4 * 3600 - 60)
      },
      {},
      'ranges',
    )

    scene('deleting one origin’s decision keeps the other’s', async (it) => {
      const ours = decision('198.51.100.7', { origin: 'crowdsec', duration: '4h' })
      const theirs = decision('198.51.100.7', { id: 2, origin: 'CAPI', duration: '1h' })
      await it.add(ours, theirs)
      await it.delete(ours)
      await it.expect({ '198.51.100.7': true })
      const left = await it.secondsLeft('198.51.100.7')
      assert.ok(left > 3500 && left < 3610, `${left}`)
      await it.delete(theirs)
      await it.expect({ '198.51.100.7': false })
    })

    scene(
      'an allowed address in a banned range is not blocked',
      async (it) => {
        await it.add(decision('198.51.100.0/24'), decision('2001:db8::/32', { id: 2 }))
        await it.expect({
          '198.51.100.6': true,
          '198.51.100.7': false,
          '198.51.100.8': true,
          '2001:db8:1::7': false,
          '2001:db8:2::7': true,
        })
      },
      { allow: [rangeOf('198.51.100.7'), rangeOf('2001:db8:1::/48')] },
      'ranges',
    )

    scene('the same again changes nothing', async (it) => {
      await it.add(decision('198.51.100.7'))
      const again = it.newReconciler()
      const report = await again.sync()
      assert.deepEqual(
        { added: report.added, updated: report.updated, removed: report.removed },
        { added: 0, updated: 0, removed: 0 },
      )
    })

    scene('what nobody decided is taken away after a restart', async (it) => {
      const other = decision('198.51.100.8', { id: 2 })
      await it.add(decision('198.51.100.7'), other)
      it.desired.delete([other])
      await it.newReconciler().sync()
      await it.expect({ '198.51.100.7': true, '198.51.100.8': false })
    })

    scene(
      'what is lost is made anew',
      async (it) => {
        await it.add(decision('198.51.100.7'), decision('2001:db8::/64', { id: 2 }))
        await it.under.lose()
        await it.expect({ '198.51.100.7': false })
        await it.sync()
        await it.expect({ '198.51.100.7': true, '2001:db8::9': true })
      },
      {},
      'lost',
    )

    scene(
      'closed lets in only who is allowed, open everyone',
      async (it) => {
        await it.add(decision('198.51.100.7'))
        const reconciler = it.newReconciler()
        await reconciler.sync('closed')
        await it.expect({ '198.51.100.7': true, '198.51.100.8': true, '192.0.2.1': false })
        await reconciler.sync('open')
        await it.expect({ '198.51.100.7': false, '198.51.100.8': false, '192.0.2.1': false })
        await reconciler.sync('static')
        await it.expect({ '198.51.100.7': true, '198.51.100.8': false })
      },
      { allow: [rangeOf('192.0.2.0/24')] },
    )

    scene('many at once, then some of them', async (it) => {
      const decisions = Array.from({ length: 3_000 }, (_, i) =>
        decision(`198.18.${i >> 8}.${i & 255}`, { id: i + 1 }),
      )
      await it.add(...decisions)
      await it.expect({ '198.18.0.0': true, '198.18.11.183': true, '198.18.11.184': false })
      await it.delete(...decisions.slice(0, 1_500))
      await it.expect({ '198.18.0.0': false, '198.18.11.183': true })
      const { bans } = await it.under.enforcer.read()
      assert.equal(bans.size, 1_500)
    })

    scene('everything is taken away when that is asked', async (it) => {
      await it.add(decision('198.51.100.7'))
      await it.under.enforcer.removeAll()
      await it.expect({ '198.51.100.7': false })
      assert.equal(BanTable.of((await it.under.enforcer.read()).bans.bans()).size, 0)
    })
  })
}
