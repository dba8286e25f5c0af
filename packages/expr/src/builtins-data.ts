import { type Builtin, builtin, firstIsOneOf } from './builtin.ts'
import { fail } from './fail.ts'
import { formatValue } from './format-value.ts'
import { toIndentedJson } from './json-text.ts'
import type { Type } from './type.ts'
import { functionOf, stringType, unknownType } from './types.ts'
import { kindOf } from './value.ts'

const toText = functionOf([unknownType], stringType)
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Builtins between values and their text forms. */
export const dataBuiltins: readonly Builtin[] = [
  builtin('string', toText, (value: unknown) => formatValue(value), {
    bind:
      ([type]) =>
      (value: unknown) =>
        formatValue(value, type),
  }),
  builtin('type', toText, kindOf, {
    bind:
      ([type]) =>
      (value: unknown) =>
        typeName(value, type),
  }),
  builtin('toJSON', toText, toIndentedJson),
  builtin('fromJSON', functionOf([stringType], unknownType), fromJson),
  builtin('toBase64', toText, toBase64, { refuse: firstIsOneOf('string', 'bytes') }),
  builtin('fromBase64', functionOf([stringType], stringType), (text: string) => {
    // Go ignores line breaks inside base64 and nothing else.
    const plain = text.replace(/[\r\n]/g, '')
    if (!base64.test(plain)) return fail('fromBase64 takes padded standard base64')
    return Buffer.from(plain, 'base64').toString('utf8')
  }),
]

function typeName(value: unknown, type: Type | undefined): string {
  if (value === undefined || value === null) return 'nil'
  if (type?.kind === 'int') return type.name === undefined ? 'int' : `time.${type.name}`
  return type?.kind === 'struct' ? type.name : kindOf(value)
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return fail(`fromJSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function toBase64(value: unknown): string {
  if (typeof value === 'string') return Buffer.from(value).toString('base64')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return fail(`toBase64 takes a string, not ${kindOf(value)}`)
}
