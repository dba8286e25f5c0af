import { type Problems, SourceText, type Span } from '@tocsin/diagnostic'
import {
  boolType,
  compileExpression,
  type Environment,
  type Expression,
  type Type,
} from '@tocsin/expr'
import { type ExpressionSource, MapReader, readYaml, type YamlMap } from '@tocsin/yaml'
import { readDecisionTemplate } from './decision-template.ts'
import {
  type ErrorAction,
  errorActions,
  type FailureAction,
  failureActions,
  type Profile,
  type SuccessAction,
  successActions,
} from './profile.ts'

/**
 * Reads `profiles.yaml`, one profile a document. A document with an error gives no profile, so
 * nothing may be run with the result once there is one; no profile at all is an error, too.
 * @param environment Its first variable is the alert.
 * @param overlay `profiles.yaml.local`, whose profiles come first.
 */
export function readProfiles(
  source: SourceText,
  environment: Environment,
  problems: Problems,
  overlay?: SourceText,
): Profile[] {
  const errorCount = problems.errorCount
  const sources = overlay ? [overlay, source] : [source]
  const profiles = sources.flatMap((text) => readFile(text, environment, problems))
  if (profiles.length === 0 && problems.errorCount === errorCount) {
    problems.error(
      source.name,
      'TOC_PROFILE_NONE',
      'there is no profile, so no alert would ever lead to a decision',
      'remove the file to use the default profiles',
    )
  }
  return profiles
}

const defaultText = `name: default_ip_remediation
filters:
  - Alert.Remediation == true && Alert.GetScope() == "Ip"
decisions:
  - type: ban
    duration: 4h
on_success: break
---
name: default_range_remediation
filters:
  - Alert.Remediation == true && Alert.GetScope() == "Range"
decisions:
  - type: ban
    duration: 4h
on_success: break
`

/** What holds when there is no `profiles.yaml`: addresses and ranges to remedy are banned for 4 hours. */
export function defaultProfiles(environment: Environment, problems: Problems): Profile[] {
  return readProfiles(new SourceText('<default profiles>', defaultText), environment, problems)
}

function readFile(source: SourceText, environment: Environment, problems: Problems): Profile[] {
  const profiles: Profile[] = []
  for (const { root } of readYaml(source, problems)) {
    if (!root || (root.kind === 'scalar' && root.isNull)) continue
    if (root.kind === 'map') {
      const profile = readProfile(root, environment, problems)
      if (profile) profiles.push(profile)
    } else {
      problems.error(root.span, 'TOC_PROFILE_KIND', `a profile must be a map, not a ${root.kind}`)
    }
  }
  return profiles
}

function readProfile(
  map: YamlMap,
  environment: Environment,
  problems: Problems,
): Profile | undefined {
  const errorCount = problems.errorCount
  const reader = new MapReader(map, problems, 'profile')
  const compile = (text: ExpressionSource, expected?: Type): Expression | undefined =>
    compileExpression(text, environment, problems, { lints: true, ...(expected && { expected }) })
  const name = reader.text('name') ?? ''
  const filters = reader.spannedTextList('filters') ?? []
  const durationText = reader.spannedText('duration_expr')
  const hasDuration = durationText !== undefined && durationText.text !== ''
  const profile: Profile = {
    name,
    filters: filters
      .map((text) => compile(text, boolType))
      .filter((filter) => filter !== undefined),
    duration: hasDuration ? compile(durationText) : undefined,
    decisions: reader
      .mapList('decisions')
      .map((decision) => readDecisionTemplate(decision, hasDuration, problems))
      .filter((decision) => decision !== undefined),
    onSuccess: readAction(reader, 'on_success', successActions, 'continue', problems),
    onFailure: readOnFailure(reader, problems),
    onError: readAction<ErrorAction>(reader, 'on_error', errorActions, 'fail', problems),
    notifications: reader.textList('notifications') ?? [],
    isDebug: reader.boolean('debug') ?? false,
  }
  reader.finish()
  if (filters.length === 0) warnWithoutFilter(reader.mapSpan, problems)
  return problems.errorCount === errorCount ? profile : undefined
}

function warnWithoutFilter(span: Span, problems: Problems): void {
  const message = 'a profile without filters never matches'
  problems.warn(span, 'TOC_PROFILE_NO_FILTER', message, 'filters: [ "Alert.Remediation == true" ]')
}

function readOnFailure(reader: MapReader, problems: Problems): FailureAction {
  const action = readAction<FailureAction>(
    reader,
    'on_failure',
    failureActions,
    'continue',
    problems,
  )
  if (action !== 'continue') {
    const message = `on_failure: ${action} has no effect: the next profile is tried`
    problems.warn(reader.span('on_failure'), 'TOC_PROFILE_NO_EFFECT', message)
  }
  return action
}

function readAction<Action extends SuccessAction | FailureAction | ErrorAction>(
  reader: MapReader,
  key: string,
  actions: readonly Action[],
  absent: Action,
  problems: Problems,
): Action {
  const text = reader.text(key) ?? ''
  if (text === '') return absent
  const action = actions.find((candidate) => candidate === text)
  if (action !== undefined) return action
  const message = `${key} must be one of ${actions.join(', ')}, not "${text}"`
  problems.error(reader.span(key), 'TOC_PROFILE_ACTION', message)
  return absent
}
