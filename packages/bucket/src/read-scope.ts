import type { Problems } from '@tocsin/diagnostic'
import type { Environment } from '@tocsin/expr'
import { MapReader, type YamlMap } from '@tocsin/yaml'
import { readRule } from './read-rule.ts'
import type { Scope } from './scenario.ts'

/** Reads whom alerts are about; an absent one is the address. Undefined when it is wrong. */
export function readScope(
  map: YamlMap | undefined,
  environment: Environment,
  problems: Problems,
): Scope | undefined {
  if (!map) return { type: 'Ip', expression: undefined }
  const reader = new MapReader(map, problems, 'scope')
  const type = reader.text('type') || 'Ip'
  const hasExpression = (reader.text('expression') ?? '').trim() !== ''
  const expression = readRule(reader, 'expression', environment, problems)
  reader.finish()
  if (type === 'Ip' && hasExpression) {
    return problems.error(
      reader.span('expression'),
      'TOC_SCENARIO_SCOPE',
      'the scope Ip takes no expression, it is always evt.Meta.source_ip',
      'remove the expression, or choose another type',
    )
  }
  if (type !== 'Ip' && type !== 'Range' && !hasExpression) {
    return problems.error(
      reader.span('type'),
      'TOC_SCENARIO_SCOPE',
      `the scope ${type} needs an expression`,
      'it gives the value the alert is about, for example "expression: evt.Meta.user"',
    )
  }
  return { type, expression }
}
