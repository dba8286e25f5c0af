import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { BanTable } from './ban-table.ts'
import { noteDone, planChange } from './plan-change.ts'
import { rangeOf } from './testing/enforcer-contract.ts'

const nowS = 1_767_225_600
const overlapping = { needsDisjoint: false, endsByItself: true, standsAlone: () => true }
/** As nftables: hosts and IPv6 networks of 64 bits apart, the rest in one set without overlaps. */
const disjoint = {
  needsDisjoint: true,
  endsByItself: true,
  standsAlone: (family: 4 | 6, length: number) =>
    length === (family === 4 ? 32 : 128) || (family === 6 && length === 64),
}

function table(bans: Readonly<Record<string, number | readonly [number, string]>>): BanTable {
  const filled = new BanTable()
  for (const [text, given] of Object.entries(bans)) {
    const [seconds, origin] = typeof given === 'number' ? [given, 'crowdsec'] : given
    filled.set(rangeOf(text), nowS + seconds, origin)
  }
  return filled
}

function texts(bans: BanTable): string[] {
  return [...bans.bans()].map(({ range, expiresS }) => `${range} ${expiresS - nowS}`).sort()
}

suite('planChange', () => {
  test('says what to add, change and remove', () => {
    const wanted = table({
      '192.0.2.1': 100,
      '192.0.2.2': 100,
      '192.0.2.3': [100, 'CAPI'],
      '192.0.2.4': 100,
      '192.0.2.5': 100,
      '192.0.2.9': -1,
    })
    const held = table({
      '192.0.2.2': 102,
      '192.0.2.3': 100,
      '192.0.2.4': 50,
      '192.0.2.5': -5,
      '192.0.2.6': 100,
      '192.0.2.7': -5,
    })
    const plan = planChange(wanted, held, overlapping, nowS)
    assert.deepEqual(texts(plan.add), ['192.0.2.1/32 100'])
    assert.deepEqual(texts(plan.update), [
      '192.0.2.3/32 100',
      '192.0.2.4/32 100',
      '192.0.2.5/32 100',
    ])
    assert.deepEqual(texts(plan.replaced), [
      '192.0.2.3/32 100',
      '192.0.2.4/32 50',
      '192.0.2.5/32 -5',
    ])
    assert.deepEqual(texts(plan.remove), ['192.0.2.6/32 100'])
    assert.deepEqual(texts(plan.over), ['192.0.2.7/32 -5'])
    assert.deepEqual([plan.expected, plan.standing], [5, 3])
  })

  test('where nothing ends by itself, what is over is taken away', () => {
    const holder = { ...overlapping, endsByItself: false }
    const plan = planChange(new BanTable(), table({ '192.0.2.7': -5 }), holder, nowS)
    assert.deepEqual([texts(plan.remove), texts(plan.over)], [['192.0.2.7/32 -5'], []])
  })

  test('a piece that is the same as a ban of its own does not fight with it', () => {
    // The /48 around is cut for the /65, and one of the pieces is the /64 that is banned by itself.
    const wanted = table({ '2001:db8::/48': 100, '2001:db8::/65': 300, '2001:db8:0:1::/64': 50 })
    const held = new BanTable()
    const first = planChange(wanted, held, disjoint, nowS)
    noteDone(first, held)
    assert.ok(texts(held).includes('2001:db8:0:1::/64 100'))
    const second = planChange(wanted, held, disjoint, nowS)
    assert.deepEqual([texts(second.add), texts(second.update), texts(second.remove)], [[], [], []])
  })

  const bans = fc.array(
    fc.record({
      text: fc.constantFrom(
        '192.0.2.1',
        '192.0.2.0/24',
        '192.0.2.0/25',
        '192.0.0.0/16',
        '2001:db8::/48',
        '2001:db8::/64',
        '2001:db8:0:1::/64',
        '2001:db8::/65',
        '2001:db8::1',
      ),
      seconds: fc.integer({ min: -50, max: 300 }),
      origin: fc.constantFrom('crowdsec', 'CAPI'),
    }),
    { maxLength: 9 },
  )
  const tableOf = (list: readonly { text: string; seconds: number; origin: string }[]): BanTable =>
    table(Object.fromEntries(list.map((b) => [b.text, [b.seconds, b.origin] as const])))

  for (const [title, holder] of [
    ['where ranges may overlap', overlapping],
    ['where they may not', disjoint],
  ] as const) {
    test(`a change done leaves nothing to do, ${title}`, () => {
      fc.assert(
        fc.property(bans, bans, (wantedBans, heldBans) => {
          const wanted = tableOf(wantedBans)
          const held = tableOf(heldBans)
          const plan = planChange(wanted, held, holder, nowS)
          noteDone(plan, held)
          const again = planChange(wanted, held, holder, nowS)
          assert.deepEqual(
            [again.add.size, again.update.size, again.remove.size, again.over.size],
            [0, 0, 0, 0],
          )
          assert.equal(again.standing, again.expected)
        }),
      )
    })
  }
})
