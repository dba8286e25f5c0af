import type { Duration, Instant } from '@tocsin/model'

/**
 * What templates compute with. `undefined` is a key that is not there, `null` is nil. Numbers that are
 * whole count as integers. Dictionaries have texts as keys.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | Instant
  | Duration
  | readonly Value[]
  | Dictionary
  | Struct

/** `dict "a" 1`: keys in the order they were set, written in order of name. */
export type Dictionary = ReadonlyMap<string, Value>

/** A value with a fixed set of fields and methods, such as an alert. */
export class Struct {
  readonly type: StructType
  readonly source: unknown

  constructor(type: StructType, source: unknown) {
    this.type = type
    this.source = source
  }

  toJSON(): unknown {
    return this.type.json(this.source)
  }
}

/** The fields and methods of a kind of value. `source` is what the struct was made of. */
export interface StructType {
  /** As messages name it: `Alert`. */
  readonly name: string
  readonly fields: ReadonlyMap<string, (source: unknown) => Value>
  readonly methods: ReadonlyMap<string, Method>
  /** What `toJson` writes. */
  readonly json: (source: unknown) => unknown
}

export interface Method {
  readonly argumentCount: number
  readonly call: (source: unknown, ...values: readonly Value[]) => Value
}

type FieldsOf<T> = Readonly<Record<string, (source: T) => Value>>
type MethodsOf<T> = Readonly<
  Record<
    string,
    readonly [argumentCount: number, call: (source: T, ...values: readonly Value[]) => Value]
  >
>

/** Declares a kind of struct; the result makes one of a source. */
export function declareStruct<T>(
  name: string,
  fields: FieldsOf<T>,
  methods: MethodsOf<T>,
  json: (source: T) => unknown,
): (source: T) => Struct {
  const type: StructType = {
    name,
    fields: new Map(Object.entries(fields)) as StructType['fields'],
    methods: new Map(
      Object.entries(methods).map(([key, [argumentCount, call]]) => [
        key,
        { argumentCount, call: call as Method['call'] },
      ]),
    ),
    json: json as StructType['json'],
  }
  return (source) => new Struct(type, source)
}

export function isDictionary(value: Value): value is Dictionary {
  return value instanceof Map
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** The name of a value's kind, for messages and `kindOf`. */
export function kindOf(value: Value): string {
  if (value === undefined || value === null) return 'invalid'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float64'
    case 'string':
      return 'string'
    default:
      if (isList(value)) return 'slice'
      return isDictionary(value) ? 'map' : 'struct'
  }
}

/** Whether `if` and `with` take a value for true: not nil, not zero, not empty. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false
  switch (typeof value) {
    case 'boolean':
      return value
    case 'number':
      return value !== 0
    case 'string':
      return value !== ''
    default:
      if (isList(value)) return value.length > 0
      if (isDictionary(value)) return value.size > 0
      return true
  }
}
