import { basename } from 'node:path'
import type { Detection } from '@tocsin/engine'
import { createTextDict, Event, type Instant, Line, timeMode } from '@tocsin/model'
import type { ParserNode, Stages } from '@tocsin/parser'

/** How many lines are tried before the type is decided. */
export const guessSampleSize = 60

/** Among types that fit equally well, these first: many servers write the same format. */
const preferred = ['syslog', 'nginx', 'apache2']

/**
 * The type of log whose parsers make the most of the sample, undefined when none makes anything of
 * it. The name of the file decides between equals. The trial leaves no trace in any count.
 */
export function guessType(
  { rules: { parsers }, failures }: Detection,
  sample: readonly string[],
  path: string,
  readAt: Instant,
): string | undefined {
  const counts = parsers.nodes.map((node) => node.takenCount)
  let best: string | undefined
  let bestScore = 0
  failures.muted(() => {
    for (const type of orderTypes(knownTypes(parsers), path)) {
      const score = sample.reduce((sum, line) => sum + fit(parsers, line, type, path, readAt), 0)
      // A little better may be chance; the order of types is the better judge then.
      if (score > bestScore * 1.02) {
        best = type
        bestScore = score
      }
    }
  })
  for (const [i, node] of parsers.nodes.entries()) node.takenCount = counts[i] ?? 0
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
    const at = preferred.indexOf(type)
    const isNamed = lowerPath.includes(type.toLowerCase())
    if (isNamed) return at >= 0 ? -2 : -1
    return at >= 0 ? at : preferred.length
  }
  return [...types].sort((a, b) => rank(a) - rank(b))
}

/**
 * How well a line fits a type, 0 to 1. A parser that finds the time of a line understands it; one
 * that takes it without may take anything, and a line whose frame alone was read says a little.
 */
function fit(parsers: Stages, raw: string, type: string, path: string, readAt: Instant): number {
  const labels = Object.assign(createTextDict(), { type })
  const line = new Line(raw, basename(path), 'file', labels, readAt)
  const event = Event.ofLine(line, timeMode.replay)
  parsers.parse(event)
  const isDated = event.strTime !== '' || event.marshaledTime !== ''
  if (event.isProcessed) return isDated ? 1 : 0.1
  return isDated ? 0.3 : 0
}
