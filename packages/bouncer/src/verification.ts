import type { BanTable } from './ban-table.ts'
import type { Plan } from './plan-change.ts'

const mostShown = 20

/** How what stands differs from what should. */
export interface Verification {
  /** Whether all that makes bans take effect is there. */
  readonly isWhole: boolean
  readonly expected: number
  /** Of the expected, those that keep their addresses out now. */
  readonly standing: number
  readonly missing: number
  /** With another end or origin than decided. */
  readonly wrong: number
  /** Standing though nobody decided it. */
  readonly foreign: number
  /** Some of them: `['missing 192.0.2.7/32', 'foreign 198.51.100.0/24']`. */
  readonly examples: readonly string[]
}

/** Whether nothing differs. */
export function isInStep({ isWhole, missing, wrong, foreign }: Verification): boolean {
  return isWhole && missing + wrong + foreign === 0
}

/** What the change that is still to be made says about what stands. */
export function verificationOf(plan: Plan, isWhole: boolean): Verification {
  const examples = [
    ...named('missing', plan.add),
    ...named('wrong', plan.update),
    ...named('foreign', plan.remove),
  ]
  return {
    isWhole,
    expected: plan.expected,
    // Without its rules a set keeps nobody out.
    standing: isWhole ? plan.standing : 0,
    missing: plan.add.size,
    wrong: plan.update.size,
    foreign: plan.remove.size,
    examples: examples.slice(0, mostShown),
  }
}

function named(what: string, table: BanTable): string[] {
  const texts: string[] = []
  for (const { range } of table.bans()) {
    if (texts.push(`${what} ${range.toString()}`) === mostShown) break
  }
  return texts
}
