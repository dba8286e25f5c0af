import type { Cti } from '@tocsin/helpers'
import type { Clock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { alertsValue, type NotifiedAlert } from './alert-value.ts'
import { compileTree } from './compile-template.ts'
import type { TemplateFunction } from './function.ts'
import { coreFunctions } from './functions/core-functions.ts'
import { dateFunctions } from './functions/date-functions.ts'
import { dictionaryFunctions } from './functions/dictionary-functions.ts'
import { encodingFunctions } from './functions/encoding-functions.ts'
import { listFunctions } from './functions/list-functions.ts'
import { numberFunctions } from './functions/number-functions.ts'
import { regexFunctions } from './functions/regex-functions.ts'
import { stringFunctions } from './functions/string-functions.ts'
import { systemFunctions } from './functions/system-functions.ts'
import { parseTemplate } from './parse-template.ts'
import type { Value } from './value.ts'

/** What templates take from outside. */
export interface TemplateServices {
  readonly clock: Clock
  readonly log: Log
  /** The name of this machine. */
  readonly hostname: string
  /** The environment, for `env`. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Minutes east of UTC of this machine's zone at an instant; UTC when absent. */
  readonly offsetMinutesAt?: (epochMs: number) => number
  readonly cti?: Cti
}

/** A template of a notification, ready to be rendered. */
export interface Template {
  /** @throws {TemplateError} For what fails, with its place. */
  render(alerts: readonly NotifiedAlert[]): string
}

/**
 * Compiles the text of a template: Go's `text/template` with the functions of Sprig and those for
 * alerts.
 * @throws {TemplateError} At the first thing that is wrong.
 */
export function compileTemplate(text: string, services: TemplateServices): Template {
  const render = compileValueTemplate(text, services)
  return { render: (alerts) => render(alertsValue(alerts)) }
}

/** As `compileTemplate`, for any value. */
export function compileValueTemplate(
  text: string,
  services: TemplateServices,
): (value: Value) => string {
  const functions = templateFunctions(services)
  return compileTree(parseTemplate(text, new Set(functions.keys())), functions)
}

/** Every function by its name. */
export function templateFunctions(
  services: TemplateServices,
): ReadonlyMap<string, TemplateFunction> {
  const { clock, offsetMinutesAt = () => 0 } = services
  return new Map(
    Object.entries({
      ...coreFunctions,
      ...stringFunctions,
      ...numberFunctions,
      ...listFunctions,
      ...dictionaryFunctions,
      ...encodingFunctions,
      ...regexFunctions,
      ...dateFunctions({ nowMs: () => clock.nowMs(), offsetMinutesAt }),
      ...systemFunctions(services),
    }),
  )
}
