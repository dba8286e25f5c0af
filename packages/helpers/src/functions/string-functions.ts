import {
  byteIndexOf,
  EvaluationError,
  type FunctionDeclaration,
  lowerText,
  replaceText,
  splitText,
  trimSpace,
  upperText,
} from '@tocsin/expr'
import type { Log } from '@tocsin/telemetry'
import { byteIndexOfAny, trimLeft, trimRight } from '../text/cutset.ts'
import { splitFields } from '../text/fields.ts'
import { matchGlob } from '../text/glob.ts'
import { readFloat } from '../text/read-float.ts'
import { rememberLast } from '../text/remember-case.ts'
import { sprintf } from '../text/sprintf.ts'
import { bool, float, int, string, strings, unknown } from '../types/types.ts'
import { pure, reading } from './declare.ts'

/** `Upper`, `Split`, `Sprintf`, `Match`… */
export function stringFunctions(log: Log): readonly FunctionDeclaration[] {
  return [
    pure('Upper', [string], string, rememberLast(upperText)),
    pure('Lower', [string], string, rememberLast(lowerText)),
    pure('Split', [string, string], strings, (text: string, by: string) => splitText(text, by)),
    pure('SplitN', [string, string, int], strings, (text: string, by: string, limit: number) =>
      splitText(text, by, limit),
    ),
    pure('SplitAfter', [string, string], strings, (text: string, by: string) =>
      splitText(text, by, -1, true),
    ),
    pure('SplitAfterN', [string, string, int], strings, (text: string, by: string, limit: number) =>
      splitText(text, by, limit, true),
    ),
    pure('Join', [strings, string], string, joinTexts),
    pure('Fields', [string], strings, splitFields),
    pure('Index', [string, string], int, byteIndexOf),
    pure('IndexAny', [string, string], int, byteIndexOfAny),
    pure('Replace', [string, string, string, int], string, replaceText),
    pure('ReplaceAll', [string, string, string], string, (text: string, old: string, by: string) =>
      replaceText(text, old, by),
    ),
    pure('Trim', [string, string], string, (text: string, cutset: string) =>
      trimRight(trimLeft(text, cutset), cutset),
    ),
    pure('TrimLeft', [string, string], string, trimLeft),
    pure('TrimRight', [string, string], string, trimRight),
    pure('TrimSpace', [string], string, trimSpace),
    pure('TrimPrefix', [string, string], string, (text: string, prefix: string) =>
      text.startsWith(prefix) ? text.slice(prefix.length) : text,
    ),
    pure('TrimSuffix', [string, string], string, (text: string, suffix: string) =>
      text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
    ),
    pure('Sprintf', [string], string, format, { rest: unknown }),
    pure('ToString', [unknown], string, (value: unknown) =>
      typeof value === 'string' ? value : '',
    ),
    pure('Match', [string, string], bool, matchGlob),
    pure('B64Decode', [string], string, decodeBase64),
    pure(
      'FloatApproxEqual',
      [float, float],
      bool,
      (a: number, b: number) => Math.abs(a - b) < 1e-6,
    ),
    reading('Atof', [string], float, (text: string) => readFloatOrWarn(text, log)),
    reading(
      'LogInfo',
      [string],
      bool,
      (text: string, ...values: unknown[]) => {
        log.info({ message: sprintf(text, values) }, 'an expression says')
        return true
      },
      { rest: unknown },
    ),
  ]
}

function format(text: string, ...values: unknown[]): string {
  return sprintf(text, values)
}

function joinTexts(texts: readonly string[] | undefined, by: string): string {
  return texts?.join(by) ?? ''
}

function decodeBase64(text: string): string {
  const packed = text.replace(/[\r\n]/g, '')
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new EvaluationError('B64Decode takes base64 text')
  }
  return Buffer.from(packed, 'base64').toString()
}

function readFloatOrWarn(text: string, log: Log): number {
  const value = readFloat(text)
  if (value === undefined) log.warn({ text }, 'Atof was given text that is not a number')
  return value ?? 0
}
