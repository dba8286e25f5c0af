import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import type { YamlNode, YamlScalar } from './node.ts'
import { readYaml, type YamlDocument } from './read-yaml.ts'

/** A scalar that stands nowhere. */
export function scalarOf(text: string, isQuoted = false): YamlScalar {
  const span = new SourceText('test', text).span(0, text.length)
  return { kind: 'scalar', text, isQuoted, isNull: !isQuoted && text === '', span }
}

/** What a text reads as, and its problems as users see them. */
export function read(text: string): { documents: YamlDocument[]; problems: string } {
  const problems = new Problems()
  const documents = readYaml(new SourceText('f.yaml', text), problems)
  return { documents, problems: problems.list.map(formatProblem).join('\n') }
}

/** A node as nested arrays with all its offsets, for comparison. */
export function shapeOf(node: YamlNode | undefined): unknown {
  if (!node) return undefined
  const place = [node.span.start, node.span.end]
  switch (node.kind) {
    case 'scalar':
      return ['scalar', node.text, node.isQuoted, node.isNull, ...place]
    case 'list':
      return ['list', ...place, node.items.map(shapeOf)]
    case 'map': {
      const entries = [...node.entries].map(([name, { key, keySpan, value }]) => {
        return [name, key, keySpan.start, keySpan.end, shapeOf(value)]
      })
      return ['map', ...place, entries]
    }
  }
}
