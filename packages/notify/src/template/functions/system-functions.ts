import { randomInt, randomUUID } from 'node:crypto'
import type { Cti } from '@tocsin/helpers'
import { emptyCtiItem } from '@tocsin/helpers'
import type { Log } from '@tocsin/telemetry'
import { ctiValue } from '../cti-value.ts'
import { escapeHtml } from '../escape.ts'
import { FunctionError, type FunctionTable, fixed, textOf, wholeOf } from '../function.ts'
import { Struct, type Value } from '../value.ts'

/** What a template may learn about this machine. */
export interface SystemServices {
  readonly hostname: string
  /** The environment. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly cti?: Cti
  readonly log: Log
}

const digits = '0123456789'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const maxRandomLength = 10_000

/** `env`, `Hostname`, `CrowdsecCTI`, `GetMeta`, `HTMLEscape`, and random texts. */
export function systemFunctions({ hostname, variables, cti, log }: SystemServices): FunctionTable {
  const read = (name: string) => (Object.hasOwn(variables, name) ? (variables[name] ?? '') : '')
  return {
    env: fixed(1, (name) => read(textOf(name))),
    expandenv: fixed(1, (text) =>
      textOf(text).replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, plain) => read(braced ?? plain)),
    ),
    Hostname: fixed(0, () => hostname),
    HTMLEscape: fixed(1, (text) => escapeHtml(textOf(text))),
    GetMeta: fixed(2, (alert, key) => metaOf(alert, textOf(key))),
    CrowdsecCTI: fixed(1, (address) => {
      try {
        return ctiValue(cti?.item(textOf(address)) ?? emptyCtiItem)
      } catch (error) {
        log.warn({ address, error: String(error) }, 'the reputation of an address is not known')
        return ctiValue(emptyCtiItem)
      }
    }),
    uuidv4: fixed(0, () => randomUUID()),
    randAlphaNum: fixed(1, (length) => randomText(length, letters + digits)),
    randAlpha: fixed(1, (length) => randomText(length, letters)),
    randNumeric: fixed(1, (length) => randomText(length, digits)),
    randInt: fixed(2, (from, to) => randomInt(wholeOf(from), wholeOf(to))),
  }
}

/** All values of a key of meta among the events of an alert. */
function metaOf(alert: Value, key: string): Value {
  const method = alert instanceof Struct ? alert.type.methods.get('allMeta') : undefined
  if (!(alert instanceof Struct) || !method)
    throw new FunctionError('the first argument must be an alert')
  return method.call(alert.source, key)
}

function randomText(length: Value, alphabet: string): string {
  const count = Math.min(Math.max(0, wholeOf(length)), maxRandomLength)
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('')
}
