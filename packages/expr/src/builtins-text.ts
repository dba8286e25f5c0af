import { type Builtin, builtin } from './builtin.ts'
import { fail } from './fail.ts'
import { maxElements, maxTextLength } from './limits.ts'
import { replaceText, splitText, trimCutset, trimSpace } from './split-text.ts'
import { byteIndexOf, byteLastIndexOf } from './text-bytes.ts'
import { lowerText, upperText } from './text-case.ts'
import { boolType, functionOf, intType, listOf, stringType } from './types.ts'

const text = functionOf([stringType], stringType)
const affix = functionOf([stringType, stringType], stringType, { required: 1 })
const test = functionOf([stringType, stringType], boolType)
const find = functionOf([stringType, stringType], intType)
const split = functionOf([stringType, stringType, intType], listOf(stringType), { required: 2 })

/** Builtins about text. */
export const textBuiltins: readonly Builtin[] = [
  builtin('upper', text, upperText),
  builtin('lower', text, lowerText),
  builtin('trim', affix, (value: string, cutset?: string) =>
    cutset === undefined ? trimSpace(value) : trimCutset(value, cutset),
  ),
  builtin('trimPrefix', affix, (value: string, prefix = ' ') =>
    value.startsWith(prefix) ? value.slice(prefix.length) : value,
  ),
  builtin('trimSuffix', affix, (value: string, suffix = ' ') =>
    value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value,
  ),
  builtin('hasPrefix', test, (value: string, prefix: string) => value.startsWith(prefix)),
  builtin('hasSuffix', test, (value: string, suffix: string) => value.endsWith(suffix)),
  builtin('indexOf', find, byteIndexOf),
  builtin('lastIndexOf', find, byteLastIndexOf),
  builtin('split', split, (value: string, separator: string, limit = -1) =>
    splitText(value, separator, limit),
  ),
  builtin('splitAfter', split, (value: string, separator: string, limit = -1) =>
    splitText(value, separator, limit, true),
  ),
  builtin(
    'replace',
    functionOf([stringType, stringType, stringType, intType], stringType, { required: 3 }),
    replaceText,
  ),
  builtin('repeat', functionOf([stringType, intType], stringType), repeat),
  builtin(
    'join',
    functionOf([listOf(stringType), stringType], stringType, { required: 1 }),
    (parts: readonly string[], glue = '') => parts.join(glue),
  ),
]

function repeat(value: string, times: number): string {
  if (times < 0) return fail('repeat takes no negative count')
  if (times > maxElements || value.length * times > maxTextLength) {
    return fail('memory budget exceeded')
  }
  return value.repeat(times)
}
