import { type Problems, suggest } from '@tocsin/diagnostic'
import { boolType, type Environment, stringType } from '@tocsin/expr'
import { createDataDict, type DataDict, parseDuration } from '@tocsin/model'
import { MapReader, toData, type YamlDocument, type YamlMap } from '@tocsin/yaml'
import { bucketTypes } from './bucket-types.ts'
import { readBayesian } from './read-bayesian.ts'
import { readDataFiles } from './read-data-files.ts'
import { readRule } from './read-rule.ts'
import { readScope } from './read-scope.ts'
import { type Rule, type Scenario, type ScenarioType, scenarioTypes } from './scenario.ts'

/** What the expressions of scenarios may name. */
export interface ScenarioEnvironments {
  /** `evt`: filter, groupby, distinct, cancel_on, scope. */
  readonly event: Environment
  /** `evt`, `queue`, `leaky`: condition and bayesian conditions. */
  readonly condition: Environment
  /** `queue`, `signal`, `leaky`: overflow_filter. */
  readonly overflowFilter: Environment
}

/** Where a scenario file comes from, and what the configuration says about its scenarios. */
export interface ScenarioOrigin {
  /** Version and sha256 of the hub item; empty for a local file. */
  readonly version?: string
  readonly hash?: string
  readonly isSimulated?: (name: string) => boolean
}

/**
 * Reads the scenarios of a file, one a document; all their mistakes become problems. A document with
 * an error, and one of a format that is not known, gives no scenario.
 */
export function readScenarios(
  documents: readonly YamlDocument[],
  environments: ScenarioEnvironments,
  problems: Problems,
  origin: ScenarioOrigin = {},
): Scenario[] {
  const scenarios: Scenario[] = []
  for (const { root } of documents) {
    if (!root) continue
    if (root.kind !== 'map') {
      problems.error(root.span, 'TOC_SCENARIO_SHAPE', `a scenario is a map, not a ${root.kind}`)
      continue
    }
    const scenario = readScenario(root, environments, problems, origin)
    if (scenario) scenarios.push(scenario)
  }
  return scenarios
}

function readScenario(
  map: YamlMap,
  environments: ScenarioEnvironments,
  problems: Problems,
  origin: ScenarioOrigin,
): Scenario | undefined {
  const errorsBefore = problems.errorCount
  const reader = new MapReader(map, problems, 'scenario')
  const name = requireText(reader, 'name', 'TOC_SCENARIO_NAME', problems)
  if (!isKnownFormat(reader, problems)) return undefined
  const leakSpeedNanos = readDuration(reader, 'leakspeed', 'TOC_BUCKET_LEAKSPEED', problems)
  const durationNanos = readDuration(reader, 'duration', 'TOC_BUCKET_DURATION', problems)
  const filter = readFilter(reader, environments, problems)
  const groupBy = readRule(reader, 'groupby', environments.event, problems, stringType)
  const type = readType(reader, problems)
  const distinct = readTextRule(reader, 'distinct', environments.event, problems)
  const cancelOn = readRule(reader, 'cancel_on', environments.event, problems, boolType)
  const overflowFilter = readRule(
    reader,
    'overflow_filter',
    environments.overflowFilter,
    problems,
    boolType,
  )
  const blackholeNanos = readDuration(reader, 'blackhole', 'TOC_BUCKET_BLACKHOLE', problems)
  const condition = readRule(reader, 'condition', environments.condition, problems, boolType)
  const data = readDataFiles(reader.mapList('data'), problems)
  const description = requireText(reader, 'description', 'TOC_SCENARIO_DESCRIPTION', problems)
  const capacity = reader.integer('capacity') ?? 0
  const cacheSize = reader.integer('cache_size') ?? 0
  const bayesian = readBayesian(reader, environments.condition, problems)
  if (type) {
    bucketTypes[type].check({
      ...{ capacity, leakSpeedNanos, durationNanos, condition, bayesian, problems },
      has: (key) => reader.has(key),
      span: (key) => reader.span(key),
    })
  }
  const scope = readScope(reader.map('scope'), environments.event, problems)
  const labels = readLabels(reader)
  const reprocess = reader.boolean('reprocess') ?? false
  const isDebug = reader.boolean('debug') ?? false
  reader.textList('references')
  // Accepted and overwritten: the version is the item's.
  reader.text('version')
  reader.finish()
  if (problems.errorCount > errorsBefore || !filter || !type || !scope) return undefined
  return {
    ...{ name, description, type, span: reader.span('name') },
    ...{ filter, groupBy, distinct, cancelOn, condition, overflowFilter },
    ...{ blackholeNanos, capacity, leakSpeedNanos, durationNanos, cacheSize },
    // A threshold of zero is none: the belief is then not looked at.
    bayesian: bayesian.threshold === 0 ? undefined : bayesian,
    ...{ scope, labels, hasRemediation: labels.remediation === true, reprocess, isDebug, data },
    isSimulated: origin.isSimulated?.(name) ?? false,
    version: origin.version ?? '',
    hash: origin.hash ?? '',
  }
}

function requireText(reader: MapReader, key: string, code: string, problems: Problems): string {
  const text = reader.text(key) ?? ''
  if (text === '') problems.error(reader.span(key), code, `${key} is missing`)
  return text
}

const oldestFormat = [1, 0]
const newestFormat = [3, 0]

/** Whether the document is of a format we read; another one is skipped with a warning. */
function isKnownFormat(reader: MapReader, problems: Problems): boolean {
  const text = reader.text('format') ?? ''
  if (text === '') return true
  if (!/^v?\d{1,9}(?:\.\d{1,9})*$/.test(text)) {
    problems.error(
      reader.span('format'),
      'TOC_SCENARIO_FORMAT',
      `format is "${text}"`,
      'it is a version from 1.0 to 3.0',
    )
    return true
  }
  const version = text.replace('v', '').split('.').map(Number)
  if (compareVersions(version, oldestFormat) >= 0 && compareVersions(version, newestFormat) <= 0) {
    return true
  }
  problems.warn(
    reader.span('format'),
    'TOC_SCENARIO_FORMAT',
    `format ${text} is not known, so this scenario is skipped`,
    'formats 1.0 to 3.0 are known',
  )
  return false
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Nanoseconds; 0 when absent, NaN when it is no duration, which is reported here. */
function readDuration(reader: MapReader, key: string, code: string, problems: Problems): number {
  const text = reader.text(key) ?? ''
  if (text === '') return 0
  const nanos = parseDuration(text)
  if (nanos !== undefined && nanos >= 0) return nanos
  problems.error(reader.span(key), code, `${key} "${text}" is not a duration`, durationHint(text))
  return Number.NaN
}

function durationHint(text: string): string {
  if (/^\d+$/.test(text)) return `add a unit: "${text}s"`
  return /\d\s*d/.test(text) ? '"24h" is a day' : 'for example "10s", "1m30s", "2h"'
}

function readFilter(
  reader: MapReader,
  environments: ScenarioEnvironments,
  problems: Problems,
): Rule | undefined {
  const filter = readRule(reader, 'filter', environments.event, problems, boolType)
  if (!filter && (reader.text('filter') ?? '').trim() === '') {
    problems.error(
      reader.span('filter'),
      'TOC_SCENARIO_FILTER',
      'filter is missing',
      `for example "filter: evt.Meta.log_type == 'ssh_failed-auth'"`,
    )
  }
  return filter
}

function readType(reader: MapReader, problems: Problems): ScenarioType | undefined {
  const text = reader.text('type') ?? ''
  const type = scenarioTypes.find((known) => known === text)
  if (type) return type
  const near = suggest(text, scenarioTypes)
  problems.error(
    reader.span('type'),
    'TOC_SCENARIO_TYPE',
    reader.has('type') ? `type is "${text}"` : 'type is missing',
    near ? `did you mean "${near}"?` : `types: ${scenarioTypes.join(', ')}`,
  )
  return undefined
}

/** A rule whose result counts as text: one that never is text has a single, empty value. */
function readTextRule(
  reader: MapReader,
  key: string,
  environment: Environment,
  problems: Problems,
): Rule | undefined {
  const rule = readRule(reader, key, environment, problems)
  const kind = rule?.expression.type.kind
  if (rule && kind !== 'string' && kind !== 'unknown') {
    problems.warn(rule.span, 'TOC_SCENARIO_TEXT', `${key} gives a ${kind}, which counts as ""`)
  }
  return rule
}

function readLabels(reader: MapReader): Readonly<DataDict> {
  const map = reader.map('labels')
  return map ? (toData(map) as DataDict) : createDataDict()
}
