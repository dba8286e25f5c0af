import { Duration, formatLayout, Instant } from '@tocsin/model'
import { fail } from './fail.ts'
import { formatInstant } from './format-value.ts'
import { formatInt } from './go-number.ts'
import { Location } from './location.ts'
import { addNanos } from './runtime-operators.ts'
import type { FunctionType, IntType, Member, StructType, Type } from './type.ts'
import {
  boolType,
  durationType,
  floatType,
  functionOf,
  intType,
  stringType,
  timeType,
} from './types.ts'

type Method = (receiver: unknown, ...args: readonly unknown[]) => unknown

/** Go's zero time, 0001-01-01 00:00:00 UTC. */
const zeroTimeMs = -62_135_596_800_000
const dayMs = 86_400_000

export const weekdayType: IntType = {
  kind: 'int',
  name: 'Weekday',
  words: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}

export const monthType: IntType = {
  kind: 'int',
  name: 'Month',
  words: [
    '%!Month(0)',
    ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
    ...['August', 'September', 'October', 'November', 'December'],
  ],
}

/** What `timezone(…)` gives. */
export const locationType: StructType = {
  kind: 'struct',
  name: 'Location',
  members: () => locationMembers,
}

const locationMembers: ReadonlyMap<string, Member> = new Map([
  method('String', functionOf([], stringType), (zone: Location) => zone.name),
])

const timeMembers: ReadonlyMap<string, Member> = new Map([
  ...numbers({
    Hour: (date) => date.getUTCHours(),
    Minute: (date) => date.getUTCMinutes(),
    Second: (date) => date.getUTCSeconds(),
    Day: (date) => date.getUTCDate(),
    Year: (date) => date.getUTCFullYear(),
    YearDay: (date) => Math.floor((date.getTime() - startOfYear(date)) / dayMs) + 1,
  }),
  method('Month', functionOf([], monthType), (time: Instant) => local(time).getUTCMonth() + 1),
  method('Weekday', functionOf([], weekdayType), (time: Instant) => local(time).getUTCDay()),
  method(
    'Nanosecond',
    functionOf([], intType),
    (time: Instant) => local(time).getUTCMilliseconds() * 1e6 + time.nanos,
  ),
  method('Unix', functionOf([], intType), (time: Instant) => Math.floor(time.epochMs / 1000)),
  method('UnixMilli', functionOf([], intType), (time: Instant) => time.epochMs),
  method(
    'UnixMicro',
    functionOf([], intType),
    (time: Instant) => time.epochMs * 1000 + Math.floor(time.nanos / 1000),
  ),
  method('UnixNano', functionOf([], intType), (time: Instant) => time.epochMs * 1e6 + time.nanos),
  method('Format', functionOf([stringType], stringType), (time: Instant, layout: string) =>
    formatLayout(time, layout),
  ),
  method('Before', functionOf([timeType], boolType), (time: Instant, other: Instant) =>
    time.isBefore(other),
  ),
  method('After', functionOf([timeType], boolType), (time: Instant, other: Instant) =>
    other.isBefore(time),
  ),
  method('Equal', functionOf([timeType], boolType), (time: Instant, other: Instant) =>
    time.equals(other),
  ),
  method(
    'Sub',
    functionOf([timeType], durationType),
    (time: Instant, other: Instant) => new Duration(time.nanosSince(other)),
  ),
  method('Add', functionOf([durationType], timeType), (time: Instant, by: Duration) =>
    addNanos(time, by.nanos),
  ),
  method('AddDate', functionOf([intType, intType, intType], timeType), addDate),
  method('Truncate', functionOf([durationType], timeType), truncate),
  method('In', functionOf([locationType], timeType), (time: Instant, zone: Location) =>
    zone.at(time),
  ),
  method('UTC', functionOf([], timeType), (time: Instant) => new Instant(time.epochMs, time.nanos)),
  method('Local', functionOf([], timeType), (time: Instant) => {
    const zone = Location.find('Local')
    return zone ? zone.at(time) : time
  }),
  method(
    'IsZero',
    functionOf([], boolType),
    (time: Instant) => time.epochMs === zeroTimeMs && time.nanos === 0,
  ),
  method('String', functionOf([], stringType), formatInstant),
])

const durationMembers: ReadonlyMap<string, Member> = new Map([
  ...['Seconds', 'Minutes', 'Hours'].map((name, i) =>
    method(name, functionOf([], floatType), (d: Duration) => d.nanos / (1e9 * 60 ** i)),
  ),
  ...['Nanoseconds', 'Microseconds', 'Milliseconds'].map((name, i) =>
    method(name, functionOf([], intType), (d: Duration) => Math.trunc(d.nanos / 1000 ** i) + 0),
  ),
  method('Abs', functionOf([], durationType), (d: Duration) => new Duration(Math.abs(d.nanos))),
  method('Truncate', functionOf([durationType], durationType), (d: Duration, unit: Duration) =>
    unit.nanos <= 0 ? d : new Duration(d.nanos - (d.nanos % unit.nanos)),
  ),
  method('Round', functionOf([durationType], durationType), (d: Duration, unit: Duration) => {
    if (unit.nanos <= 0) return d
    const rounded = Math.round(Math.abs(d.nanos) / unit.nanos) * unit.nanos
    return new Duration(Math.sign(d.nanos) * rounded)
  }),
  method('String', functionOf([], stringType), (d: Duration) => d.toString()),
])

/** The members that values of a type have by their nature; undefined when there are none. */
export function naturalMembers(type: Type): ReadonlyMap<string, Member> | undefined {
  if (type.kind === 'time') return timeMembers
  if (type.kind === 'duration') return durationMembers
  if (type.kind !== 'int' || type.words === undefined) return undefined
  const { words } = type
  const word = (value: number) => words[value] ?? formatInt(value)
  return new Map([method('String', functionOf([], stringType), word)])
}

/** A method of times or durations by name, for values whose type is only known while running. */
export function methodOf(kind: 'time' | 'duration', name: string): Method | undefined {
  const member = (kind === 'time' ? timeMembers : durationMembers).get(name)
  if (member?.kind !== 'method') return undefined
  const { call, type } = member
  return (receiver, ...args) => {
    if (args.length !== type.parameters.length)
      fail(`${name} takes ${type.parameters.length} arguments`)
    return (call as Method)(receiver, ...args)
  }
}

function method(
  name: string,
  type: FunctionType,
  call: (receiver: never, ...args: never[]) => unknown,
): [string, Member] {
  return [name, { kind: 'method', type, call, isPure: true }]
}

function numbers(readers: Record<string, (date: Date) => number>): [string, Member][] {
  const type = functionOf([], intType)
  return Object.entries(readers).map(([name, read]) =>
    method(name, type, (time: Instant) => read(local(time))),
  )
}

/** The wall clock of a time in its own offset, to be read with the UTC getters. */
function local(time: Instant): Date {
  return new Date(time.epochMs + time.offsetMinutes * 60_000)
}

function startOfYear(date: Date): number {
  const start = new Date(date)
  start.setUTCMonth(0, 1)
  start.setUTCHours(0, 0, 0, 0)
  return start.getTime()
}

function addDate(time: Instant, years: number, months: number, days: number): Instant {
  const date = local(time)
  date.setUTCFullYear(
    date.getUTCFullYear() + years,
    date.getUTCMonth() + months,
    date.getUTCDate() + days,
  )
  return new Instant(date.getTime() - time.offsetMinutes * 60_000, time.nanos, time.offsetMinutes)
}

/** Rounds down to a multiple of `unit` since Go's zero time. */
function truncate(time: Instant, unit: Duration): Instant {
  if (unit.nanos <= 0) return time
  const nanos = BigInt(time.epochMs - zeroTimeMs) * 1_000_000n + BigInt(time.nanos)
  return addNanos(time, -Number(nanos % BigInt(unit.nanos)))
}
