import type { Event, TimeMode } from '@tocsin/model'
import type { Bucket } from './bucket.ts'
import { eventNeedsOf, queueNeedsOf } from './event-needs.ts'
import { EventPacker, type PackedEvent } from './event-packer.ts'
import { queueItems } from './queue.ts'
import { EventQueuer, QueuedEvent } from './queued-event.ts'
import type { Rule, Scenario } from './scenario.ts'
import { TransferredEvent } from './transferred-event.ts'

/** What a bucket keeps of an event. */
export type KeptEvent = Event | QueuedEvent | PackedEvent

/** How the buckets of a scenario keep events. */
export interface Keeping {
  readonly packer: EventPacker
  /** Where rules look at the queue: makes what they see of it. */
  readonly queuer: EventQueuer | undefined
}

/** Packs an event once for all the buckets it pours into. Hot path. */
export class EventKeeper {
  #event: Event | undefined
  #packer: EventPacker | undefined
  #packed: PackedEvent | undefined
  #queued: QueuedEvent | undefined

  /** Without a way of keeping it, or when it cannot be packed, all of the event is kept. */
  keep(event: Event, keeping: Keeping | undefined): KeptEvent {
    if (!keeping) return event
    const { packer, queuer } = keeping
    if (this.#event !== event || this.#packer !== packer) {
      this.#event = event
      this.#packer = packer
      this.#queued = undefined
      this.#packed =
        (event instanceof TransferredEvent ? event.packed : undefined) ?? packer.pack(event)
    }
    if (this.#packed === undefined) return event
    if (!queuer) return this.#packed
    // One queuer serves all scenarios.
    this.#queued ??= queuer.queue(event, this.#packed)
    return this.#queued
  }
}

/** The events of a bucket as alerts need them, oldest first. */
export function eventsOf(bucket: Bucket, keeping: Keeping | undefined): readonly Event[] {
  const items = queueItems(bucket.queue)
  // Without a packer nothing was packed.
  if (!keeping) return items as readonly Event[]
  return items.map((item) => wholeEvent(item, bucket.mode, keeping.packer))
}

/** One of them. */
export function wholeEvent(item: KeptEvent, mode: TimeMode, packer: EventPacker): Event {
  if (typeof item === 'string') return packer.unpack(item, mode)
  if (!(item instanceof QueuedEvent)) return item
  const event = packer.unpack(item.packed, mode)
  event.time = item.time
  return event
}

/** The events of a bucket whose rules look at its queue, as they see them, oldest first. */
export function queueOf(bucket: Bucket): readonly Event[] {
  // What they read of an event is there, whichever way it is kept.
  return queueItems(bucket.queue) as readonly Event[]
}

/** How scenarios keep events. */
export interface KeepingPlan {
  /** Of all scenarios that keep packed events; undefined when none does. */
  readonly packer: EventPacker | undefined
  /** Undefined for a scenario that keeps whole events, as more is read of them than can be told. */
  keepingOf(scenario: Scenario): Keeping | undefined
}

/** One packer and one queuer for all scenarios; whole events where rules may read anything. */
export function planKeeping(
  scenarios: readonly Scenario[],
  contextRules: readonly Rule[],
  packerNumber = 0,
): KeepingPlan {
  // Whoever writes into an event after it was packed would write into what nobody keeps.
  const isWritten = scenarios.some((scenario) =>
    queueRules(scenario).some((rule) => rule.expression.hasSideEffects),
  )
  if (isWritten || eventNeedsOf(contextRules).isWhole) {
    return { packer: undefined, keepingOf: () => undefined }
  }
  const packed = scenarios.filter((scenario) => {
    // Of the event at hand rules read where it is poured: there it may be known as packed only.
    const rules = [...queueRules(scenario), scenario.scope.expression]
    return !eventNeedsOf(rules).isWhole && queueNeedsOf(queueRules(scenario)) !== undefined
  })
  const rules = packed.flatMap((one) => [...queueRules(one), one.scope.expression])
  const packer = new EventPacker(eventNeedsOf([...contextRules, ...rules]), packerNumber)
  const queuer = new EventQueuer(queueNeedsOf(packed.flatMap(queueRules)) ?? [])
  const known = new Set(packed)
  return {
    packer,
    keepingOf(scenario) {
      if (!known.has(scenario)) return undefined
      return { packer, queuer: queueRules(scenario).length > 0 ? queuer : undefined }
    },
  }
}

/** The rules that are given the queue. */
function queueRules({ condition, overflowFilter, bayesian }: Scenario): Rule[] {
  const evidence = bayesian?.conditions.map((item) => item.condition) ?? []
  return [condition, overflowFilter, ...evidence].filter((rule) => rule !== undefined)
}
