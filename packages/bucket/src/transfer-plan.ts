import { planKeeping } from './event-keeper.ts'
import type { EventPacker } from './event-packer.ts'
import type { Rule, Scenario } from './scenario.ts'

/** What has to travel with a match that is poured in another thread than it was made in. */
export interface TransferPlan {
  /** Packs the events of the scenarios that do not need them whole. */
  readonly packer: EventPacker | undefined
  /** By scenario: whether the buckets it pours into look at more of an event than is packed. */
  readonly needsWhole: readonly boolean[]
}

/** @param packerNumber Of this thread alone, 1 or more, below `mostPackers`. */
export function planTransfer(
  scenarios: readonly Scenario[],
  contextRules: readonly Rule[],
  packerNumber: number,
): TransferPlan {
  const { packer, keepingOf } = planKeeping(scenarios, contextRules, packerNumber)
  const counts = new Map<string, number>()
  for (const scenario of scenarios) {
    const key = groupOf(scenario)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  // Who shares buckets asks the rules of the one that made the bucket, where the bucket is.
  const isShared = (scenario: Scenario) => (counts.get(groupOf(scenario)) ?? 0) > 1
  return {
    packer,
    needsWhole: scenarios.map((scenario) => !keepingOf(scenario) || isShared(scenario)),
  }
}

function groupOf(scenario: Scenario): string {
  return JSON.stringify([scenario.name, scenario.filter.text])
}
