import { createDataDict } from '@tocsin/model'
import { type Log, type LogFields, silentLog } from '@tocsin/telemetry'
import type { HelperDependencies } from '../dependencies.ts'
import { createFunctions } from '../functions.ts'

/** For tests: calls functions by name, over what a test gives them. */
export function createCaller(
  given: Partial<HelperDependencies> = {},
): (name: string, ...args: unknown[]) => unknown {
  const functions = createFunctions({ clock: { nowMs: () => 0 }, log: silentLog, ...given })
  return (name, ...args) => {
    const declaration = functions.get(name)
    if (!declaration) throw new Error(`no function ${name}`)
    return (declaration.call as (...args: unknown[]) => unknown)(...args)
  }
}

/** For tests: a dictionary as parsers make them. */
export function dictOf(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.assign(createDataDict(), members)
}

/** For tests: a log that keeps what is written to it. */
export function createListLog(): { readonly log: Log; readonly records: string[] } {
  const records: string[] = []
  const keep = (level: string) => (_fields: LogFields, sentence: string) => {
    records.push(`${level}: ${sentence}`)
  }
  return {
    records,
    log: { error: keep('error'), warn: keep('warn'), info: keep('info'), debug: keep('debug') },
  }
}
