import type { Event } from '@tocsin/model'
import type { Bucket } from './bucket.ts'
import { eventNeedsOf } from './event-needs.ts'
import { EventPacker, type PackedEvent } from './event-packer.ts'
import { queueItems } from './queue.ts'
import type { Rule, Scenario } from './scenario.ts'
import { TransferredEvent } from './transferred-event.ts'

/** Packs an event once for all the buckets it pours into. Hot path. */
export class EventKeeper {
  #event: Event | undefined
  #packer: EventPacker | undefined
  #packed: PackedEvent | undefined

  /** What a bucket keeps: the packed form, or all of the event where there is no packer. */
  keep(event: Event, packer: EventPacker | undefined): Event | PackedEvent {
    if (!packer) return event
    if (this.#event !== event || this.#packer !== packer) {
      this.#event = event
      this.#packer = packer
      this.#packed =
        (event instanceof TransferredEvent ? event.packed : undefined) ?? packer.pack(event)
    }
    return this.#packed ?? event
  }
}

/** The events of a bucket, oldest first. */
export function eventsOf(bucket: Bucket, packer: EventPacker | undefined): readonly Event[] {
  const items = queueItems(bucket.queue)
  // Without a packer nothing was packed.
  if (!packer) return items as readonly Event[]
  return items.map((item) => (typeof item === 'string' ? packer.unpack(item, bucket.mode) : item))
}

/** How scenarios keep events. */
export interface KeepingPlan {
  /** Of all scenarios that keep packed events; undefined when none does. */
  readonly packer: EventPacker | undefined
  /** Whether a scenario keeps whole events, because its rules look at the queue. */
  keepsWhole(scenario: Scenario): boolean
}

/** How each scenario keeps events: one packer for all, whole events where rules look at the queue. */
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
    return { packer: undefined, keepsWhole: () => true }
  }
  const keepsWhole = (scenario: Scenario) =>
    queueRules(scenario).length > 0 || eventNeedsOf([scenario.scope.expression]).isWhole
  const packed = scenarios.filter((scenario) => !keepsWhole(scenario))
  const scopes = packed.map((scenario) => scenario.scope.expression)
  const packer = new EventPacker(eventNeedsOf([...contextRules, ...scopes]), packerNumber)
  return { packer, keepsWhole }
}

/** The rules that are given the queue. */
function queueRules({ condition, overflowFilter, bayesian }: Scenario): Rule[] {
  const evidence = bayesian?.conditions.map((item) => item.condition) ?? []
  return [condition, overflowFilter, ...evidence].filter((rule) => rule !== undefined)
}
