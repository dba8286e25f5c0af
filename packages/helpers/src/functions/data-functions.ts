import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { Duration, type TextDict } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { DataFiles, Stashes } from '../dependencies.ts'
import { bool, dictOf, listOf, nil, string, strings, unknown } from '../types/types.ts'
import { lookingUp, reading, writing } from './declare.ts'

const noLines: readonly string[] = []
const noRows: readonly TextDict[] = []

/** `File`, `RegexpInFile`, `LookupFile`, `MatchKnownBot`, `GetFromStash`… */
export function dataFunctions(
  files: DataFiles | undefined,
  stashes: Stashes | undefined,
  log: Log,
): readonly FunctionDeclaration[] {
  const missing = <Answer>(name: string, answer: Answer): Answer => {
    log.error({ file: name }, 'an expression asked for a data file that is not loaded')
    return answer
  }
  const revision = () => files?.revision
  return [
    lookingUp(
      'File',
      [string],
      strings,
      (name: string) => files?.lines(name) ?? missing(name, noLines),
      revision,
    ),
    lookingUp(
      'RegexpInFile',
      [string, string],
      bool,
      (text: string, name: string) => files?.matchesPattern(text, name) ?? missing(name, false),
      revision,
    ),
    reading(
      'FileMap',
      [string],
      listOf(dictOf(string)),
      (name: string) => files?.rows(name) ?? missing(name, noRows),
    ),
    lookingUp(
      'LookupFile',
      [string, string],
      string,
      (text: string, name: string) => files?.lookup(text, name) ?? missing(name, ''),
      revision,
    ),
    reading(
      'MatchKnownBot',
      [string, string, string],
      bool,
      (ip: string, userAgent: string, path: string, ...names: string[]) =>
        files?.matchBot(ip, userAgent, path, names) ?? false,
      { rest: string },
    ),
    reading('GetFromStash', [string, string], string, (cache: string, key: string) => {
      const value = stashes?.get(cache, key)
      if (value === undefined) log.warn({ cache }, 'an expression asked for an unknown stash')
      return value ?? ''
    }),
    writing(
      'SetInStash',
      [string, string, string, unknown],
      nil,
      (cache: string, key: string, value: string, ttl: unknown) => {
        if (!stashes?.set(cache, key, value, ttlNanos(ttl))) {
          log.warn({ cache }, 'an expression wrote to an unknown stash')
        }
        return undefined
      },
      { required: 3 },
    ),
  ]
}

/** Undefined, nil in rules, leaves the lifetime to the cache. */
function ttlNanos(ttl: unknown): number | undefined {
  if (ttl === undefined || ttl === null) return undefined
  if (ttl instanceof Duration) return ttl.nanos
  throw new EvaluationError('SetInStash takes a duration or nil as ttl')
}
