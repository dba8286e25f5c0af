import type { Environment, FunctionDeclaration, Member, Type } from '@tocsin/expr'
import type { Event } from '@tocsin/model'
import type { ScenarioEnvironments } from './read-scenarios.ts'

const text: Type = { kind: 'string' }
const texts: Type = { kind: 'map', element: text, storage: 'dict' }

function struct(name: string, members: () => Readonly<Record<string, Member>>): Type {
  return { kind: 'struct', name, members: () => new Map(Object.entries(members())) }
}

const field = (property: string, type: Type): Member => ({ kind: 'field', property, type })

/** As much of an event as the tests of this package name. */
const eventType = struct('Event', () => ({
  Meta: field('meta', texts),
  Parsed: field('parsed', texts),
  Enriched: field('enriched', texts),
  Unmarshaled: field('unmarshaled', {
    kind: 'map',
    element: { kind: 'unknown' },
    storage: 'dict',
  }),
  Type: field('kind', { kind: 'int' }),
  SetMeta: {
    kind: 'method',
    type: { kind: 'function', parameters: [text, text], result: { kind: 'bool' } },
    call: (event: Event, key: string, value: string) => {
      event.meta[key] = value
      return true
    },
  },
}))

const queueType = struct('Queue', () => ({
  Queue: field('events', { kind: 'list', element: eventType }),
  L: field('limit', { kind: 'int' }),
}))
const leakyType = struct('Leaky', () => ({ Total_count: field('totalCount', { kind: 'int' }) }))
const signalType = struct('Overflow', () => ({ Mapkey: field('mapkey', text) }))

const split: FunctionDeclaration = {
  name: 'Split',
  type: {
    kind: 'function',
    parameters: [text, text],
    result: { kind: 'list', element: text },
  },
  call: (whole: string, by: string) => whole.split(by),
  isPure: true,
}

function environment(variables: Readonly<Record<string, Type>>): Environment {
  return {
    variables: new Map(Object.entries(variables)),
    functions: new Map([[split.name, split]]),
  }
}

export const testEnvironments: ScenarioEnvironments = {
  event: environment({ evt: eventType }),
  condition: environment({ evt: eventType, queue: queueType, leaky: leakyType }),
  overflowFilter: environment({ queue: queueType, signal: signalType, leaky: leakyType }),
}

export const testContextEnvironment = environment({ evt: eventType, match: texts, req: texts })
