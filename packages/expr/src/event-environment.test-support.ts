import { createTextDict, Event, Instant, Line, timeMode } from '@tocsin/model'
import type { Environment, FunctionDeclaration, Member, StructType, Type } from './type.ts'
import {
  boolType,
  floatType,
  functionOf,
  intType,
  listOf,
  mapOf,
  stringType,
  timeType,
  unknownType,
} from './types.ts'

const field = (property: string, type: Type): Member => ({ kind: 'field', property, type })

/** An event as rules see it, as far as these tests need. */
export const eventType: StructType = {
  kind: 'struct',
  name: 'Event',
  members: () => eventMembers,
}

const lineType: StructType = {
  kind: 'struct',
  name: 'Line',
  members: () =>
    new Map([
      ['Raw', field('raw', stringType)],
      ['Labels', field('labels', mapOf(stringType))],
      ['Time', field('readAt', timeType)],
    ]),
}

const overflowType: StructType = {
  kind: 'struct',
  name: 'Overflow',
  isNullable: true,
  members: () =>
    new Map([
      ['Mapkey', field('mapkey', stringType)],
      ['Reprocess', field('reprocess', boolType)],
    ]),
}

const eventMembers: ReadonlyMap<string, Member> = new Map<string, Member>([
  ['Type', field('kind', intType)],
  ['Stage', field('stage', stringType)],
  ['Whitelisted', field('isWhitelisted', boolType)],
  ['Line', field('line', lineType)],
  ['Meta', field('meta', mapOf(stringType))],
  ['Parsed', field('parsed', mapOf(stringType))],
  ['Enriched', field('enriched', mapOf(stringType))],
  ['Unmarshaled', field('unmarshaled', mapOf(unknownType))],
  ['Overflow', field('overflow', overflowType)],
  ['Time', field('time', timeType)],
  [
    'GetMeta',
    {
      kind: 'method',
      type: functionOf([stringType], stringType),
      call: (event: Event, key: string) => event.meta[key] ?? '',
      isPure: true,
    },
  ],
  [
    'SetMeta',
    {
      kind: 'method',
      type: functionOf([stringType, stringType], boolType),
      call: (event: Event, key: string, value: string) => {
        event.meta[key] = value
        return true
      },
    },
  ],
])

const queueType: StructType = {
  kind: 'struct',
  name: 'Queue',
  members: () =>
    new Map([
      ['Queue', field('queue', listOf(eventType))],
      ['L', field('l', intType)],
    ]),
}

const pure = (
  name: string,
  type: FunctionDeclaration['type'],
  call: FunctionDeclaration['call'],
): [string, FunctionDeclaration] => [name, { name, type, call, isPure: true }]

/** What `File` reads: a few lines, and many. */
export const files: Readonly<Record<string, readonly string[]>> = {
  list: ['admin', 'login', '.env'],
  long: Array.from({ length: 600 }, (_, i) => `Probe${i * 7}.php`),
}

/** The lines of the file `changing`. */
export const changing: { lines: readonly string[] } = { lines: [] }

const functions: ReadonlyMap<string, FunctionDeclaration> = new Map([
  pure('Lower', functionOf([stringType], stringType), (s: string) => s.toLowerCase()),
  pure('Upper', functionOf([stringType], stringType), (s: string) => s.toUpperCase()),
  pure('Half', functionOf([floatType], floatType), (n: number) => n / 2),
  pure('Join', functionOf([listOf(stringType), stringType], stringType), (l: string[], s: string) =>
    l.join(s),
  ),
  pure('Describe', functionOf([eventType], stringType), (event: Event) => event.stage),
  [
    'OneOf',
    {
      name: 'OneOf',
      type: functionOf([stringType, stringType], boolType),
      call: (text: string, name: string) =>
        (name === 'changing' ? changing.lines : (files[name] ?? [])).includes(text),
      isPure: false,
      isReadOnly: true,
      revision: () => changing.lines,
    },
  ],
  [
    'File',
    {
      name: 'File',
      type: functionOf([stringType], listOf(stringType)),
      call: (name: string) => files[name],
      isPure: false,
      isReadOnly: true,
    },
  ],
])

/** `evt` and `queue`, and a few functions. */
export const eventEnvironment: Environment = {
  variables: new Map<string, Type>([
    ['evt', eventType],
    ['queue', queueType],
  ]),
  functions,
  clock: { nowMs: () => Date.UTC(2026, 1, 12, 14, 10, 21) },
}

/** The text captured by a parser, and decoded data. */
export interface EventData {
  readonly meta?: Readonly<Record<string, string>>
  readonly parsed?: Readonly<Record<string, string>>
  readonly unmarshaled?: Readonly<Record<string, unknown>>
}

/** An event of Thursday 2026-02-12 14:10:21 UTC with these texts. */
export function createEvent({ meta, parsed, unmarshaled }: EventData = {}): Event {
  const time = new Instant(Date.UTC(2026, 1, 12, 14, 10, 21))
  const event = Event.ofLine(new Line('raw', 'test', 'file', createTextDict(), time), timeMode.live)
  Object.assign(event.meta, meta)
  Object.assign(event.parsed, parsed)
  Object.assign(event.unmarshaled, unmarshaled)
  return event
}
