import type { SourceText } from '@tocsin/diagnostic'
import { readYaml, type YamlMap } from '@tocsin/yaml'
import type { ParserContext } from './context.ts'
import type { ParserNode } from './node.ts'
import { readNode } from './read-node.ts'

const newestFormat = 3
const oldestFormat = 1

/** Reads every document of a parser file; a bad document costs only itself. */
export function readParserFile(
  source: SourceText,
  stage: string,
  context: ParserContext,
): ParserNode[] {
  return readYaml(source, context.problems).flatMap(({ root }) => {
    if (!root) return []
    if (root.kind === 'map') return readDocument(root, stage, context) ?? []
    context.problems.error(
      root.span,
      'TOC_PARSER_DOCUMENT',
      `a parser is a map, not a ${root.kind}`,
    )
    return []
  })
}

function readDocument(map: YamlMap, stage: string, context: ParserContext): ParserNode | undefined {
  const text = (key: string) => {
    const value = map.entries.get(key)?.value
    return value?.kind === 'scalar' ? value.text : ''
  }
  if (text('name') === '' && text('description') === '' && text('author') === '') {
    return context.problems.warn(
      map.span,
      'TOC_PARSER_NAMELESS',
      'a parser without a name is skipped',
    )
  }
  const format = map.entries.get('format')?.value
  if (format?.kind === 'scalar') {
    const version = Number(format.text)
    if (Number.isNaN(version)) {
      return context.problems.error(format.span, 'TOC_PARSER_FORMAT', `format is "${format.text}"`)
    }
    if (version < oldestFormat || version > newestFormat) {
      return context.problems.warn(
        format.span,
        'TOC_PARSER_FORMAT',
        `format ${format.text} is not supported, so this parser is skipped`,
        `known are ${oldestFormat}.0 to ${newestFormat}.0`,
      )
    }
  }
  return readNode(map, { stage, parentName: undefined }, context)
}
