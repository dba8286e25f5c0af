import { basename } from 'node:path'
import { createTextDict, Event, type Instant, Line, timeMode } from '@tocsin/model'
import type { ParserNode, Stages } from '@tocsin/parser'

/** How many lines are tried before the type is decided. */
export const guessSampleSize = 60

/** Among types that fit equally well, these first: many servers write the same format. */
const preferred = ['syslog', 'nginx', 'apache2']

/**
 * The type of log that parses the most of the sample, undefined when none parses any of it.
 * The name of the file decides between equals.
 */
export function guessType(
  parsers: Stages,
  sample: readonly string[],
  path: string,
  readAt: Instant,
): string | undefined {
  const name = basename(path).toLowerCase()
  let best: string | undefined
  let bestScore = 0
  for (const type of orderTypes(knownTypes(parsers), path)) {
    const count = sample.filter((line) => parses(parsers, line, type, name, readAt)).length
    if (count > bestScore) {
      best = type
      bestScore = count
    }
  }
  return best
}

/** Every type that some parser asks for. */
export function knownTypes(parsers: Stages): string[] {
  const types = new Set<string>()
  const visit = (node: ParserNode) => {
    for (const requirement of node.filter?.requirements ?? []) {
      const path = requirement.path.join('.')
      if (path !== 'evt.Parsed.program' && path !== 'evt.Line.Labels.type') continue
      for (const value of requirement.values) types.add(value)
    }
    for (const child of node.children) visit(child)
  }
  for (const node of parsers.nodes) visit(node)
  return [...types].sort()
}

function orderTypes(types: readonly string[], path: string): string[] {
  const lowerPath = path.toLowerCase()
  const rank = (type: string) => {
    if (lowerPath.includes(type.toLowerCase())) return 0
    const at = preferred.indexOf(type)
    return at >= 0 ? 1 + at : 1 + preferred.length
  }
  return [...types].sort((a, b) => rank(a) - rank(b))
}

function parses(
  parsers: Stages,
  raw: string,
  type: string,
  name: string,
  readAt: Instant,
): boolean {
  const labels = Object.assign(createTextDict(), { type })
  const event = Event.ofLine(new Line(raw, name, 'file', labels, readAt), timeMode.replay)
  parsers.parse(event)
  return event.isProcessed
}
