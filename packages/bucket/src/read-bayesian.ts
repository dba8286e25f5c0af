import type { Problems } from '@tocsin/diagnostic'
import { boolType, type Environment } from '@tocsin/expr'
import { MapReader, type YamlMap } from '@tocsin/yaml'
import { readRule } from './read-rule.ts'
import type { Bayesian, BayesianCondition } from './scenario.ts'

/** What stands under the bayesian keys, and how many conditions were written, be they wrong. */
export interface WrittenBayesian extends Bayesian {
  readonly count: number
}

/** Reads the three bayesian keys; zeros and an empty list when they are absent. */
export function readBayesian(
  reader: MapReader,
  environment: Environment,
  problems: Problems,
): WrittenBayesian {
  const maps = reader.mapList('bayesian_conditions')
  return {
    count: maps.length,
    prior: Math.fround(reader.number('bayesian_prior') ?? 0),
    threshold: Math.fround(reader.number('bayesian_threshold') ?? 0),
    conditions: maps.flatMap((map) => readCondition(map, environment, problems) ?? []),
  }
}

function readCondition(
  map: YamlMap,
  environment: Environment,
  problems: Problems,
): BayesianCondition | undefined {
  const reader = new MapReader(map, problems, 'bayesian condition')
  const condition = readRule(reader, 'condition', environment, problems, boolType)
  const probabilityGivenEvil = readProbability(reader, 'prob_given_evil', problems)
  const probabilityGivenBenign = readProbability(reader, 'prob_given_benign', problems)
  const isGuillotine = reader.boolean('guillotine') ?? false
  reader.finish()
  if (!condition) {
    if ((reader.text('condition') ?? '').trim() === '') {
      problems.error(
        reader.span('condition'),
        'TOC_BUCKET_BAYESIAN_CONDITIONS',
        'condition is missing',
      )
    }
    return undefined
  }
  return { condition, probabilityGivenEvil, probabilityGivenBenign, isGuillotine }
}

function readProbability(reader: MapReader, key: string, problems: Problems): number {
  const value = reader.number(key) ?? 0
  if (!(value >= 0 && value <= 1)) {
    problems.error(
      reader.span(key),
      'TOC_BUCKET_BAYESIAN_PROBABILITY',
      `${key} is ${value}`,
      'a probability is from 0 to 1',
    )
  }
  return Math.fround(value)
}
