import { readFileSync } from 'node:fs'
import { Problems } from '@tocsin/diagnostic'
import type { RuleSet } from '@tocsin/engine'
import type { RuleItem } from '@tocsin/hub'
import type { ParserNode } from '@tocsin/parser'
import { type CompiledPattern, compilePattern, PatternError } from '@tocsin/regex'
import { readYaml, type YamlNode } from '@tocsin/yaml'

/** A pattern of some rule, and how a line reaches it. */
export interface FoundPattern {
  /** `crowdsecurity/nginx-logs`, or the data file. */
  readonly rule: string
  readonly pattern: CompiledPattern
  /** Types and programs of lines that its parser takes; empty when it takes what others parsed. */
  readonly types: readonly string[]
  /** What parses the text it looks at, and under which name, when that is not the line itself. */
  readonly outer: { readonly pattern: CompiledPattern; readonly name: string } | undefined
}

/** The groks of parsers and postoverflows. */
export function grokPatterns(rules: RuleSet): FoundPattern[] {
  const found: FoundPattern[] = []
  const visit = (node: ParserNode, types: readonly string[], parents: readonly ParserNode[]) => {
    const own = typesOf(node)
    const known = own.length > 0 ? own : types
    if (node.grok) {
      const { input, grok } = node.grok
      const name = input.kind === 'parsed' ? input.key : ''
      const parent = parents.find((each) => each.grok?.grok.names.includes(name))
      const outer = parent?.grok && { pattern: parent.grok.grok.pattern, name }
      found.push({ rule: node.name, pattern: grok.pattern, types: known, outer })
    }
    for (const child of node.children) visit(child, known, [node, ...parents])
  }
  for (const node of [...rules.parsers.nodes, ...rules.postoverflows.nodes]) visit(node, [], [])
  return found
}

function typesOf(node: ParserNode): string[] {
  const asked = (node.filter?.requirements ?? []).filter(({ path }) => {
    const place = path.join('.')
    return place === 'evt.Parsed.program' || place === 'evt.Line.Labels.type'
  })
  return asked.flatMap(({ values }) => [...values])
}

const matching = /\bmatches\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/g

/** The patterns that stand in expressions. */
export function expressionPatterns(items: readonly RuleItem[]): FoundPattern[] {
  const found: FoundPattern[] = []
  for (const item of items) {
    for (const text of textsIn(readYaml(item.source, new Problems()).map(({ root }) => root))) {
      for (const [, literal = ''] of text.matchAll(matching)) {
        const pattern = tryCompile(unquote(literal))
        if (pattern) found.push({ rule: item.name, pattern, types: [], outer: undefined })
      }
    }
  }
  return found
}

/** The patterns of data files. */
export function dataPatterns(
  rules: RuleSet,
  findData: (file: { destFile: string; sourceUrl: string }) => string | undefined,
): FoundPattern[] {
  const found: FoundPattern[] = []
  for (const file of rules.dataFiles) {
    const path = findData(file)
    if (path === undefined) continue
    for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
      const source = line === '' || line.startsWith('#') ? undefined : patternOf(line, file.type)
      const pattern = source === undefined ? undefined : tryCompile(source)
      if (pattern) found.push({ rule: file.destFile, pattern, types: [], outer: undefined })
    }
  }
  return found
}

/** The pattern of a line of a data file. */
function patternOf(line: string, type: string): string | undefined {
  if (type === 'regexp' || type === 'regex') return line
  if (type !== 'map') return undefined
  const row = JSON.parse(line) as { pattern?: unknown; type?: unknown }
  return row.type === 'regex' && typeof row.pattern === 'string' ? row.pattern : undefined
}

function* textsIn(nodes: readonly (YamlNode | undefined)[]): Generator<string> {
  for (const node of nodes) {
    if (node?.kind === 'scalar') yield node.text
    else if (node?.kind === 'list') yield* textsIn(node.items)
    else if (node) yield* textsIn([...node.entries.values()].map(({ value }) => value))
  }
}

function unquote(literal: string): string {
  const inner = literal.slice(1, -1)
  return literal.startsWith('`') ? inner : inner.replace(/\\(["'\\])/g, '$1')
}

/** Undefined for what is none: the rule is reported where it is read. */
function tryCompile(source: string): CompiledPattern | undefined {
  try {
    return compilePattern(source)
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}
