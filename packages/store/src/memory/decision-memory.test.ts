import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import fc from 'fast-check'
import type { DecisionFilter, StreamPosition } from '../decision-store.ts'
import { readReply, TestClock } from '../samples.test-support.ts'
import { DecisionMemory, endsKeptMs } from './decision-memory.ts'
import { MemoryStream } from './stream.ts'
import { readTarget, textTarget } from './target.ts'

/** Few values, so that decisions meet; some ranges around them, some that are no address. */
const subjects = [
  ['Ip', '10.0.0.1'],
  ['Ip', '10.0.0.2'],
  ['Ip', '2001:db8::1'],
  ['Ip', '2001:DB8::2'],
  ['Range', '10.0.0.0/24'],
  ['Range', '10.0.0.0/31'],
  ['Range', '2001:db8::/64'],
  ['Country', 'FR'],
  ['username', '10.0.0.1'],
] as const
const scenarios = ['a/ssh', 'b/web'] as const
const origins = ['crowdsec', 'CAPI', 'lists'] as const
const types = ['ban', 'captcha'] as const

/** A decision of the naive model: a list of these, searched from end to end. */
interface Simple {
  readonly id: number
  readonly kind: number
  readonly scope: string
  readonly value: string
  readonly origin: string
  readonly type: string
  readonly scenario: string
  readonly isSimulated: boolean
  untilMs: number
}

type Step =
  | {
      readonly do: 'decide'
      readonly who: number
      readonly kind: number
      readonly forMs: number
      readonly uuid: string
    }
  | { readonly do: 'end' | 'extend'; readonly which: number; readonly byMs: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'pull'; readonly bouncer: number; readonly isStart: boolean }
  | { readonly do: 'compact' }

const ms = fc.oneof(fc.nat(10_000), fc.nat(100_000_000))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      who: fc.nat(subjects.length - 1),
      kind: fc.nat(23),
      forMs: ms,
      uuid: fc.oneof(fc.constant(''), fc.uuid(), fc.constant('odd')),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('end' as const, 'extend' as const),
      which: fc.nat(30),
      byMs: ms,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pull' as const),
      bouncer: fc.nat(3),
      isStart: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'compact' as const }) },
)

const bouncerFilters: readonly DecisionFilter[] = [
  {},
  { scopes: ['Ip', 'Range'], origins: ['crowdsec'] },
  { includeSimulated: true, scenariosContaining: ['SSH'] },
  { range: rangeOf('10.0.0.0/24'), rangeMatch: 'within' },
]

/** The memory, and beside it a list of everything and bouncers that only know what they were told. */
class World {
  readonly clock = new TestClock()
  readonly memory = new DecisionMemory({ clock: this.clock, seed: 7 })
  readonly stream = new MemoryStream(this.memory, 200)
  readonly list: Simple[] = []
  readonly bouncers = bouncerFilters.map((filter) => ({
    filter,
    position: undefined as StreamPosition | undefined,
    /** What it enforces, each until when it thinks. */
    enforced: new Set<string>(),
  }))
  #seq = 0
  #nextId = 1

  constructor() {
    let id = 0
    for (const origin of origins) {
      for (const type of types) {
        for (const scenario of scenarios) {
          for (const isSimulated of [false, true]) {
            for (const [scope] of subjects.filter(
              ([s], i) => subjects.findIndex(([o]) => o === s) === i,
            )) {
              this.memory.kinds.add(++id, { origin, scenario, type, scope, isSimulated })
            }
          }
        }
      }
    }
  }

  take(step: Step): void {
    switch (step.do) {
      case 'decide':
        this.#decide(step.who, step.kind, step.forMs, step.uuid)
        break
      case 'end':
      case 'extend':
        this.#change(step.which, step.do === 'end' ? 0 : step.byMs)
        break
      case 'wait':
        this.clock.pass(step.ms)
        break
      case 'pull':
        this.#pull(step.bouncer, step.isStart)
        break
      case 'compact':
        this.memory.advance()
        this.memory.compact(this.clock.nowMs() - endsKeptMs)
    }
  }

  live(): Simple[] {
    return this.list.filter((d) => d.untilMs > this.clock.nowMs())
  }

  #decide(who: number, kindNumber: number, forMs: number, uuid: string): void {
    const [scope, value] = subjects[who] ?? subjects[0]
    const kinds = this.memory.kinds.byId.filter((kind) => kind?.scope === scope)
    const kind = kinds[kindNumber % kinds.length] ?? assert.fail('no kind')
    const target = readTarget(scope, value) ?? textTarget(value)
    const nowMs = this.memory.advance()
    let untilMs = nowMs + forMs
    const slot = this.memory.findLife(kind.life, target)
    let toldMs = Number.POSITIVE_INFINITY
    const changes = []
    if (slot >= 0 && forMs > 0) {
      const { table } = this.memory
      untilMs = Math.max(untilMs, table.untils[slot] ?? 0)
      toldMs = this.memory.toldMs(slot)
      const old = this.list.find((d) => d.id === table.ids[slot]) ?? assert.fail('in the list')
      old.untilMs = nowMs
      changes.push({
        id: old.id,
        kind: old.kind,
        untilMs: nowMs,
        uuid: table.uuidOf(slot),
        target,
        isReplaced: true,
      })
    }
    const id = this.#nextId++
    changes.push({ id, kind: kind.id, untilMs, toldMs, uuid, target })
    const { origin, type, scenario, isSimulated } = kind
    this.list.push({
      id,
      kind: kind.id,
      scope,
      value,
      origin,
      type,
      scenario,
      isSimulated,
      untilMs,
    })
    this.memory.apply(++this.#seq, changes)
  }

  #change(which: number, byMs: number): void {
    const live = this.live()
    const found = live[which % Math.max(1, live.length)]
    if (!found) return
    const nowMs = this.clock.nowMs()
    found.untilMs = byMs === 0 ? nowMs : found.untilMs + byMs
    const { id, kind, untilMs, scope, value } = found
    const slot = this.memory.table.slotOf(id)
    const uuid = this.memory.table.uuidOf(slot)
    const toldMs = this.memory.toldMs(slot)
    const target = readTarget(scope, value) ?? textTarget(value)
    this.memory.apply(++this.#seq, [{ id, kind, untilMs, toldMs, uuid, target }])
  }

  #pull(which: number, isStart: boolean): void {
    const bouncer = this.bouncers[which] ?? assert.fail('no bouncer')
    const awayMs = this.clock.nowMs() - (bouncer.position?.pullMs ?? 0)
    // Ends are remembered for a day: who was away for longer starts anew.
    if (isStart || awayMs > endsKeptMs - 10_000) bouncer.position = undefined
    if (!bouncer.position) bouncer.enforced.clear()
    const request = { filter: bouncer.filter, isDeduplicated: true }
    const since = bouncer.position
    const reply = this.stream.open(since ? { ...request, since } : request)
    const { new: fresh, deleted } = readReply(reply)
    // In the order in which the bouncers of the field do it.
    for (const { scope, value, type } of deleted)
      bouncer.enforced.delete(`${scope} ${value} ${type}`)
    for (const { scope, value, type } of fresh) bouncer.enforced.add(`${scope} ${value} ${type}`)
    bouncer.position = reply.position
  }
}

function rangeOf(text: string): AddressRange {
  return parseAddressOrRange(text) ?? assert.fail(text)
}

/** What a filter says, without any index. */
function passes(d: Simple, filter: DecisionFilter): boolean {
  if (d.isSimulated && !filter.includeSimulated) return false
  if (filter.scopes && !filter.scopes.includes(d.scope)) return false
  if (filter.origins && !filter.origins.includes(d.origin)) return false
  if (filter.types && !filter.types.includes(d.type)) return false
  if (filter.value !== undefined && d.value !== filter.value) return false
  const parts = filter.scenariosContaining
  if (parts && !parts.some((part) => d.scenario.includes(part.toLowerCase()))) return false
  if (!filter.range) return true
  if (d.scope !== 'Ip' && d.scope !== 'Range') return false
  const own = rangeOf(d.value)
  switch (filter.rangeMatch) {
    case 'within':
      return filter.range.covers(own)
    case 'overlapping':
      return filter.range.overlaps(own)
    default:
      return own.covers(filter.range)
  }
}

const filters: fc.Arbitrary<DecisionFilter> = fc.record(
  {
    range: fc
      .constantFrom('10.0.0.1', '10.0.0.0/30', '0.0.0.0/0', '2001:db8::2', '::/0')
      .map(rangeOf),
    rangeMatch: fc.constantFrom('covering' as const, 'within' as const, 'overlapping' as const),
    scopes: fc.subarray(['Ip', 'Range', 'Country']),
    origins: fc.subarray([...origins]),
    types: fc.subarray([...types]),
    value: fc.constantFrom('10.0.0.1', '2001:DB8::2', 'FR'),
    scenariosContaining: fc.subarray(['SSH', 'web']),
    includeSimulated: fc.boolean(),
  },
  { requiredKeys: [] },
)

suite('DecisionMemory', () => {
  test('agrees with a list searched from end to end', () => {
    const law = fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.array(filters, { minLength: 5, maxLength: 5 }),
      (steps, wanted) => {
        const world = new World()
        for (const one of steps) world.take(one)
        for (const filter of wanted) {
          const expected = world.live().filter((d) => passes(d, filter))
          const found = world.memory.query(filter)
          assert.deepEqual(
            found.map((d) => [d.id, d.scope, d.value, d.origin, d.type, d.untilMs]),
            expected.map((d) => [d.id, d.scope, d.value, d.origin, d.type, d.untilMs]),
          )
          assert.equal(world.memory.has(filter), expected.length > 0)
        }
        assert.equal(world.memory.size, world.live().length)
      },
    )
    fc.assert(law, { numRuns: 300 })
  })

  test('a bouncer that pulls now and then enforces what is live, whenever it pulls', () => {
    const law = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const world = new World()
      for (const [i, one] of steps.entries()) {
        world.take(one)
        if (one.do !== 'pull') continue
        const bouncer = world.bouncers[one.bouncer] ?? assert.fail(`step ${i}`)
        const live = world.live().filter((d) => passes(d, bouncer.filter))
        assert.deepEqual(
          [...bouncer.enforced].sort(),
          [...new Set(live.map((d) => `${d.scope} ${d.value} ${d.type}`))].sort(),
        )
      }
    })
    fc.assert(law, { numRuns: 500 })
  })
})
