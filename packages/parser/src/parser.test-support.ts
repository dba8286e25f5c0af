import { Problems, SourceText } from '@tocsin/diagnostic'
import { PatternLibrary } from '@tocsin/grok'
import { createFunctions, eventEnvironment } from '@tocsin/helpers'
import { createTextDict, Event, Instant, Line, timeMode } from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import type { Enricher, ParserContext } from './context.ts'
import type { ParserNode } from './node.ts'
import { readParserFile } from './read-parser.ts'
import { Stages } from './stages.ts'

export interface Rules {
  readonly nodes: readonly ParserNode[]
  readonly stages: Stages
  readonly problems: Problems
  /** `rule: part: reason` of what failed while rules ran. */
  readonly failures: string[]
  readonly stashed: string[]
}

/** Compiles parser files given as YAML by stage, in the order given. */
export function compileRules(files: readonly (readonly [stage: string, yaml: string])[]): Rules {
  const problems = new Problems()
  const failures: string[] = []
  const stashed: string[] = []
  const clock = { nowMs: () => 0 }
  const shout: Enricher = (text, event) => {
    event.enriched.shouted = text.toUpperCase()
  }
  const context: ParserContext = {
    environment: eventEnvironment(createFunctions({ clock, log: silentLog })),
    patterns: PatternLibrary.base(),
    enrichers: new Map([['Shout', shout]]),
    createStash: ({ name }) => ({
      set: (key, value, ttlNanos) => stashed.push(`${name} ${key}=${value} for ${ttlNanos / 1e9}s`),
    }),
    onData: () => {},
    onFailure: (rule, part, reason) => failures.push(`${rule}: ${part}: ${reason}`),
    problems,
  }
  const nodes = files.flatMap(([stage, yaml]) =>
    readParserFile(new SourceText(`${stage}.yaml`, yaml), stage, context),
  )
  return { nodes, stages: new Stages(nodes, context.onFailure), problems, failures, stashed }
}

/** An event of a line, its message parsed already; `parsed` and `meta` are preset. */
export function eventOf(
  raw: string,
  parsed: Record<string, string> = {},
  meta: Record<string, string> = {},
): Event {
  const labels = Object.assign(createTextDict(), { type: 'test' })
  const line = new Line(raw, '/var/log/test.log', 'file', labels, new Instant(0))
  const event = Event.ofLine(line, timeMode.replay)
  Object.assign(event.parsed, { message: raw }, parsed)
  Object.assign(event.meta, meta)
  return event
}
