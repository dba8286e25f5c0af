import { Duration, Instant } from '@tocsin/model'
import { fail } from './fail.ts'
import { byteLength, sliceBytes } from './text-bytes.ts'
import { methodOf } from './time-members.ts'
import { dictGet, isDict, isList, isMap, kindOf } from './value.ts'

/** `x.key` or `x[key]` where the type of `x` is only known now. */
export function lookup(object: unknown, key: unknown): unknown {
  if (isDict(object)) {
    if (typeof key === 'string') return dictGet(object, key) ?? undefined
    return fail(`a key must be a string, not ${kindOf(key)}`)
  }
  if (isList(object)) return item(object, key)
  if (isMap(object)) return object.get(key) ?? undefined
  const name = typeof key === 'string' ? `member ${JSON.stringify(key)}` : 'an element'
  return fail(`cannot read ${name} of ${kindOf(object)}`)
}

/** As `lookup`, but nil where there is nothing: the builtin `get`. */
export function get(object: unknown, key: unknown): unknown {
  if (isDict(object))
    return typeof key === 'string' ? (dictGet(object, key) ?? undefined) : undefined
  if (isMap(object)) return object.get(key) ?? undefined
  if (!isList(object) || !Number.isInteger(key)) return undefined
  const index = key as number
  return object[index < 0 ? object.length + index : index] ?? undefined
}

/** The element of a list; negative counts from the end. */
export function item(list: unknown, index: unknown): unknown {
  if (!isList(list)) return fail(`cannot take an element of ${kindOf(list)}`)
  if (!Number.isInteger(index)) return fail(`an index must be an int, not ${kindOf(index)}`)
  const at = (index as number) < 0 ? list.length + (index as number) : (index as number)
  if (at < 0 || at >= list.length) {
    return fail(`index ${String(index)} is out of range of ${list.length} elements`)
  }
  return list[at] ?? undefined
}

/** `x[from:to]` of a list, or by bytes of a text; bounds are clamped. */
export function slice(object: unknown, from: unknown, to: unknown): unknown {
  const isText = typeof object === 'string'
  if (!isText && !isList(object)) return fail(`cannot slice ${kindOf(object)}`)
  const length = isText ? byteLength(object) : object.length
  const start = clampBound(from, 0, length)
  const end = clampBound(to, length, length)
  if (isText) return start >= end ? '' : sliceBytes(object, start, end)
  return start >= end ? [] : object.slice(start, end)
}

function clampBound(bound: unknown, absent: number, length: number): number {
  if (bound === undefined) return absent
  if (!Number.isInteger(bound)) return fail(`a slice bound must be an int, not ${kindOf(bound)}`)
  const at = (bound as number) < 0 ? length + (bound as number) : (bound as number)
  return Math.min(Math.max(at, 0), length)
}

/** `x.name(…)` where the type of `x` is only known now: times and durations have methods. */
export function send(object: unknown, name: string, args: readonly unknown[]): unknown {
  const kind = object instanceof Instant ? 'time' : object instanceof Duration ? 'duration' : ''
  const method = kind === '' ? undefined : methodOf(kind, name)
  if (!method) return fail(`${kindOf(object)} has no method ${name}`)
  return method(object, ...args)
}

/** A nullable value that is about to be looked into. */
export function nilMember(name: string): never {
  return fail(`cannot read member ${JSON.stringify(name)} of nil`)
}
