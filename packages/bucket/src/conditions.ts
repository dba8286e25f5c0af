import type { Bucket } from './bucket.ts'
import { updateBelief } from './posterior.ts'
import { type RuleFailures, reasonOf } from './rule-failures.ts'
import type { Rule, Scenario } from './scenario.ts'

/** The values of the variables a rule takes. */
export type GiveVariables = (rule: Rule) => readonly unknown[]

/** Whether what the bucket holds makes it overflow: its condition, then its belief. */
export function conditionHolds(
  scenario: Scenario,
  bucket: Pick<Bucket, 'latched'>,
  given: GiveVariables,
  failures: RuleFailures,
): boolean {
  const ask = (part: string, rule: Rule) => askRule(scenario.name, part, rule, given, failures)
  if (scenario.condition && ask('condition', scenario.condition) === true) return true
  return scenario.bayesian !== undefined && believes(scenario.bayesian, bucket, ask)
}

type Ask = (part: string, rule: Rule) => boolean | undefined

function believes(
  bayesian: NonNullable<Scenario['bayesian']>,
  bucket: Pick<Bucket, 'latched'>,
  ask: Ask,
): boolean {
  let belief = bayesian.prior
  bayesian.conditions.forEach((condition, index) => {
    const { latched } = bucket
    const isTrue = latched?.has(index) || ask('bayesian_conditions', condition.condition)
    // One that cannot be evaluated says nothing either way.
    if (isTrue === undefined) return
    if (isTrue && condition.isGuillotine && !latched?.has(index)) latch(bucket, index)
    const { probabilityGivenEvil, probabilityGivenBenign } = condition
    belief = updateBelief(belief, probabilityGivenEvil, probabilityGivenBenign, isTrue)
  })
  return belief > bayesian.threshold
}

function latch(bucket: Pick<Bucket, 'latched'>, index: number): void {
  bucket.latched ??= new Set()
  bucket.latched.add(index)
}

/** The answer of a rule, undefined when it failed or gave something else. */
function askRule(
  scenario: string,
  part: string,
  rule: Rule,
  given: GiveVariables,
  failures: RuleFailures,
): boolean | undefined {
  try {
    const answer = rule.expression.evaluate(...given(rule))
    if (typeof answer === 'boolean') return answer
    failures.note(scenario, part, rule, `gave a ${typeof answer}`)
  } catch (error) {
    failures.note(scenario, part, rule, reasonOf(error))
  }
  return undefined
}
