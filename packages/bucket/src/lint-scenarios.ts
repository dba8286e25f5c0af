import type { Problems } from '@tocsin/diagnostic'
import type { Rule, Scenario } from './scenario.ts'

/** Warns of what loads but does not do what its author must have meant. */
export function lintScenarios(scenarios: readonly Scenario[], problems: Problems): void {
  const byKey = new Map<string, Scenario>()
  for (const scenario of scenarios) {
    const { name, filter, groupBy } = scenario
    const key = JSON.stringify([name, filter.text, groupBy?.text ?? ''])
    const first = byKey.get(key)
    if (first) warnSharedKey(scenario, first, problems)
    else byKey.set(key, scenario)
    if (scenario.type === 'trigger') lintTrigger(scenario, problems)
    lintQueue(scenario, problems)
    lintOverflowAccess(scenario, problems)
  }
}

function warnSharedKey(scenario: Scenario, first: Scenario, problems: Problems): void {
  const { source, start } = first.span
  const { line } = source.positionAt(start)
  problems.warn(
    scenario.span,
    'TOC_SCENARIO_SHARED_KEY',
    `name, filter and groupby are those of ${source.name}:${line}, so both pour into the same buckets`,
    'give it a name of its own',
  )
}

function lintTrigger(scenario: Scenario, problems: Problems): void {
  const { distinct, cancelOn, condition, groupBy, scope } = scenario
  const ignored: readonly (readonly [string, Rule | undefined])[] = [
    ['distinct', distinct],
    ['cancel_on', cancelOn],
    ['condition', condition],
  ]
  for (const [key, rule] of ignored) {
    if (!rule) continue
    problems.warn(
      rule.span,
      'TOC_SCENARIO_TRIGGER',
      `${key} has no effect on a trigger, which overflows on every event`,
      `remove it, or use "type: leaky"`,
    )
  }
  const isAboutAddress = scope.type === 'Ip' || scope.type === 'Range'
  if (scenario.blackholeNanos > 0 && !groupBy && isAboutAddress && scenario.hasRemediation) {
    problems.warn(
      scenario.span,
      'TOC_SCENARIO_BLACKHOLE',
      'without groupby the blackhole is for all sources: one attacker hides the others',
      'add "groupby: evt.Meta.source_ip"',
    )
  }
}

function lintQueue(scenario: Scenario, problems: Problems): void {
  const { cacheSize, capacity } = scenario
  if (cacheSize > 0 && capacity !== -1 && cacheSize > capacity) {
    problems.warn(
      scenario.span,
      'TOC_SCENARIO_CACHE_SIZE',
      `cache_size ${cacheSize} has no effect, as it is more than the capacity ${capacity}`,
    )
  }
}

/** Log events have no alert, so reading it fails unless the type was asked first. */
function lintOverflowAccess({ filter }: Scenario, problems: Problems): void {
  const reads = filter.text.search(/\bevt\.Overflow\.Alert\b/)
  if (reads < 0) return
  const asks = filter.text.search(/\bevt\.(?:GetType\s*\(|Type\b)/)
  if (asks >= 0 && asks < reads) return
  problems.warn(
    filter.span,
    'TOC_SCENARIO_OVERFLOW',
    'evt.Overflow.Alert fails on log events',
    `begin with "evt.GetType() == 'overflow' &&"`,
  )
}
