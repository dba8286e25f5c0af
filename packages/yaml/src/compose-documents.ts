import type { Problems, SourceText } from '@tocsin/diagnostic'
import { Composer, type CST, Parser, type YAMLError } from 'yaml'
import { NodeConverter } from './node-converter.ts'
import type { YamlDocument } from './read-yaml.ts'

const maxDepth = 100
const maxMessageLength = 160

const hints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'line it up with the keys or items it belongs to',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing after the key, or quotes around the value',
  BLOCK_AS_IMPLICIT_KEY: 'put quotes around a value that holds ": "',
  BAD_DQ_ESCAPE: "patterns are easier in single quotes: '\\d+'",
  BAD_SCALAR_START: 'put quotes around the value',
  KEY_OVER_1024_CHARS: 'put quotes around the value',
  UNEXPECTED_TOKEN: "a quote inside single quotes is written twice: 'it''s'",
}

/** Reads the whole of YAML, by way of the `yaml` library. */
export function composeDocuments(source: SourceText, problems: Problems): YamlDocument[] {
  const tokens = [...new Parser().parse(source.text)]
  const tooDeep = findTooDeep(tokens)
  if (tooDeep !== undefined) {
    const message = `values are nested deeper than ${maxDepth} levels`
    problems.error(source.span(tooDeep, tooDeep + 1), 'TOC_YAML_DEPTH', message)
    return []
  }
  // Scalars keep their text, duplicate and merge keys are the converter's: it knows their spans.
  const options = { schema: 'failsafe', version: '1.1', uniqueKeys: false } as const
  const documents: YamlDocument[] = []
  for (const document of new Composer({ ...options }).compose(tokens)) {
    for (const warning of document.warnings) reportWarning(warning, source, problems)
    const [error] = document.errors
    // One error makes the library lose its footing: what follows it is rarely one of its own.
    if (error) return reportSyntax(error, source, problems)
    const root = new NodeConverter(source, problems).convertRoot(document.contents)
    const start = document.range[0]
    documents.push({ root, span: root?.span ?? source.span(start, start) })
  }
  return documents
}

function reportSyntax(error: YAMLError, source: SourceText, problems: Problems): [] {
  const [start, end] = error.pos
  problems.error(source.span(start, end), 'TOC_YAML_SYNTAX', plainMessage(error), hints[error.code])
  return []
}

function reportWarning(warning: YAMLError, source: SourceText, problems: Problems): void {
  // The converter resolves the tags it knows and reports the others.
  if (warning.code === 'TAG_RESOLVE_FAILED') return
  const [start, end] = warning.pos
  problems.warn(source.span(start, end), 'TOC_YAML_SYNTAX', plainMessage(warning))
}

function plainMessage({ message }: YAMLError): string {
  // Some messages quote the text, however long it is.
  const shown =
    message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message
  return shown.charAt(0).toLowerCase() + shown.slice(1)
}

/** Where nesting passes the limit; without recursion, as that is what the limit protects. */
function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  let level: readonly CST.Token[] = tokens
  for (let depth = 0; level.length > 0; depth++) {
    const below: CST.Token[] = []
    for (const token of level) {
      if (depth > maxDepth) return token.offset
      if (token.type === 'document') {
        if (token.value) below.push(token.value)
      } else if ('items' in token) {
        for (const item of token.items) {
          if (item.key && 'items' in item.key) below.push(item.key)
          if (item.value && 'items' in item.value) below.push(item.value)
        }
      }
    }
    level = below
  }
  return undefined
}
