import type { SourceText, Span } from '@tocsin/diagnostic'
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts'
import type { YamlDocument } from './read-yaml.ts'
import { isNullText } from './scalar-value.ts'

const maxDepth = 50
/** The library refuses keys a little above. */
const maxKeyLength = 1000

const space = 32
const newline = 10
const hash = 35
const dash = 45

/** Thrown where a text leaves the subset; never seen outside of this file. */
const notPlain = Symbol('not plain')

const plainKey = /([A-Za-z0-9_][A-Za-z0-9_./-]*) *:(?=[ \n]|$)/y
const afterQuotedKey = / *:(?=[ \n]|$)/y
const blockHeader = /([|>])([-+]?) *(?: #.*)?(?:\n|$)/y
const documentStart = /--- *(?: #.*)?(?:\n|$)/y
const flowItem = / *(?:([A-Za-z0-9_./][A-Za-z0-9_./-]*)|(?=["'])) */y
const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
}
/** Characters that begin something else than a plain value, or nothing at all. */
const indicators: ReadonlySet<string> = new Set('?:-,[]{}#&*!|>\'"%@`')

/**
 * Reads the plain subset of YAML that nearly all rules are written in, several times faster than the
 * whole language: block maps and lists, values on one line, block texts, lists of words in brackets.
 * Whatever else a text holds, mistakes included, makes the result undefined, so that the library
 * alone decides on it. Hot path at start, over thousands of files: see bench/read-yaml.bench.ts.
 */
export function readPlainDocuments(source: SourceText): YamlDocument[] | undefined {
  if (/[\t\r\ufeff]/.test(source.text)) return undefined
  try {
    return new PlainReader(source).read()
  } catch (thrown) {
    if (thrown === notPlain) return undefined
    throw thrown
  }
}

class PlainReader {
  readonly #source: SourceText
  readonly #text: string
  /** Where the content of the current line begins; the end of the text when there is none left. */
  #at = 0
  /** The column of `#at`; -1 at the end of a document. */
  #indent = 0
  #depth = 0

  constructor(source: SourceText) {
    this.#source = source
    this.#text = source.text
  }

  read(): YamlDocument[] {
    const documents: YamlDocument[] = []
    this.#toContent(0)
    this.#skipDocumentStart()
    while (this.#at < this.#text.length) {
      const root = this.#readBlock()
      // What is left belongs to no collection: its indentation is wrong.
      if (this.#indent >= 0) throw notPlain
      documents.push({ root, span: root.span })
      this.#skipDocumentStart()
    }
    // Documents without content are the library's.
    if (documents.length === 0) throw notPlain
    return documents
  }

  #skipDocumentStart(): void {
    if (this.#at >= this.#text.length || this.#indent >= 0) return
    documentStart.lastIndex = this.#at
    if (!documentStart.test(this.#text)) throw notPlain
    this.#toContent(documentStart.lastIndex)
    if (this.#indent < 0) throw notPlain
  }

  /** Moves to the next line with content, `at` being the beginning of a line. */
  #toContent(at: number): void {
    const text = this.#text
    let lineStart = at
    while (lineStart < text.length) {
      let column = 0
      while (text.charCodeAt(lineStart + column) === space) column++
      const code = text.charCodeAt(lineStart + column)
      if (Number.isNaN(code)) break
      if (code !== newline && code !== hash) {
        this.#at = lineStart + column
        this.#indent = column === 0 && this.#isDocumentMark() ? -1 : column
        return
      }
      const end = text.indexOf('\n', lineStart + column)
      if (end < 0) break
      lineStart = end + 1
    }
    this.#at = text.length
    this.#indent = -1
  }

  #isDocumentMark(): boolean {
    const text = this.#text
    if (text.startsWith('---', this.#at)) return true
    if (text.startsWith('...', this.#at) || text[this.#at] === '%') throw notPlain
    return false
  }

  #readBlock(): YamlNode {
    if (++this.#depth > maxDepth) throw notPlain
    const block = this.#isItem() ? this.#readList() : this.#readMap()
    this.#depth--
    return block
  }

  #isItem(): boolean {
    if (this.#text.charCodeAt(this.#at) !== dash) return false
    const next = this.#text.charCodeAt(this.#at + 1)
    return next === space || next === newline || Number.isNaN(next)
  }

  #readMap(): YamlMap {
    const indent = this.#indent
    const start = this.#at
    let end = start
    const entries = new Map<string, YamlEntry>()
    do {
      const key = this.#readKey()
      if (entries.has(key.text) || key.text === '<<') throw notPlain
      const value = this.#readValue(this.#at, indent, true)
      entries.set(key.text, { key: key.text, keySpan: key.span, value })
      end = value.span.end
    } while (this.#indent === indent && !this.#isItem())
    return { kind: 'map', entries, span: this.#source.span(start, end) }
  }

  #readList(): YamlList {
    const indent = this.#indent
    const start = this.#at
    let end = start
    const items: YamlNode[] = []
    do {
      const item = this.#readItem(indent)
      items.push(item)
      end = item.span.end
    } while (this.#indent === indent && this.#isItem())
    return { kind: 'list', items, span: this.#source.span(start, end) }
  }

  #readItem(indent: number): YamlNode {
    const text = this.#text
    let at = this.#at + 1
    while (text.charCodeAt(at) === space) at++
    plainKey.lastIndex = at
    if (!plainKey.test(text)) return this.#readValue(this.#at + 1, indent, false)
    // `- key: value`: the map begins in the middle of the line.
    this.#indent += at - this.#at
    this.#at = at
    return this.#readBlock()
  }

  /** Reads `key:` and moves behind the colon. */
  #readKey(): { readonly text: string; readonly span: Span } {
    const text = this.#text
    const start = this.#at
    const first = text[start]
    if (first === '"' || first === "'") {
      const key = this.#readQuoted(start)
      afterQuotedKey.lastIndex = key.span.end
      if (!afterQuotedKey.test(text)) throw notPlain
      this.#at = afterQuotedKey.lastIndex
      return key
    }
    plainKey.lastIndex = start
    const key = plainKey.exec(text)?.[1]
    if (key === undefined || key.length > maxKeyLength) throw notPlain
    this.#at = plainKey.lastIndex
    return { text: key, span: this.#source.span(start, start + key.length) }
  }

  /**
   * Reads the value that begins behind `at` and moves to the line after it.
   * @param indent Column of the key or dash it belongs to.
   */
  #readValue(at: number, indent: number, isOfKey: boolean): YamlNode {
    const text = this.#text
    let start = at
    while (text.charCodeAt(start) === space) start++
    const first = text[start]
    if (first === undefined || first === '\n' || first === '#') {
      if (first === '#' && start === at) throw notPlain
      return this.#readValueBelow(at, indent, isOfKey)
    }
    if (first === '|' || first === '>') return this.#readBlockText(start, indent)
    const value = this.#readInline(start, first)
    this.#toContentAfter(value.span.end)
    // A deeper line would continue the value.
    if (this.#indent > indent) throw notPlain
    return value
  }

  #readValueBelow(at: number, indent: number, isOfKey: boolean): YamlNode {
    this.#toContentAfter(at)
    const isList = isOfKey && this.#indent === indent && this.#isItem()
    if (this.#indent > indent || isList) return this.#readBlock()
    return this.#scalar('', false, at, at)
  }

  #readInline(start: number, first: string): YamlNode {
    if (first === '"' || first === "'") return this.#readQuoted(start)
    if (first === '[') return this.#readFlowList(start)
    if (first === '{' && this.#text.startsWith('{}', start)) {
      return { kind: 'map', entries: new Map(), span: this.#source.span(start, start + 2) }
    }
    if (indicators.has(first)) {
      const isPlain = first === '-' && (this.#text.charCodeAt(start + 1) | 0) > space
      if (!isPlain) throw notPlain
    }
    const line = this.#text.slice(start, this.#lineEnd(start))
    const comment = line.indexOf(' #')
    let length = comment < 0 ? line.length : comment
    while (line.charCodeAt(length - 1) === space) length--
    const text = line.slice(0, length)
    if (text.includes(': ') || text.endsWith(':')) throw notPlain
    return this.#scalar(text, false, start, start + text.length)
  }

  /** Reads a quoted text that ends on its line. */
  #readQuoted(start: number): YamlScalar {
    const text = this.#text
    const quote = text[start] as string
    const isDouble = quote === '"'
    let end = start + 1
    for (;;) {
      const c = text[end]
      if (c === undefined || c === '\n') throw notPlain
      if (isDouble && c === '\\') end += 2
      else if (c !== quote) end++
      else if (!isDouble && text[end + 1] === quote) end += 2
      else break
    }
    const raw = text.slice(start + 1, end)
    return this.#scalar(
      isDouble ? resolveEscapes(raw) : raw.replaceAll("''", "'"),
      true,
      start,
      end + 1,
    )
  }

  /** Reads `[a, 'b', "c"]` on one line. */
  #readFlowList(start: number): YamlList {
    const text = this.#text
    const items: YamlScalar[] = []
    let at = start + 1
    while (text[at] === ' ') at++
    if (text[at] === ']') return this.#flowList(items, start, at + 1)
    for (;;) {
      flowItem.lastIndex = at
      const match = flowItem.exec(text)
      if (!match) throw notPlain
      const word = match[1]
      at = flowItem.lastIndex
      if (word === undefined) {
        const item = this.#readQuoted(at)
        items.push(item)
        at = item.span.end
        while (text[at] === ' ') at++
      } else {
        const wordStart = text.indexOf(word, match.index)
        items.push(this.#scalar(word, false, wordStart, wordStart + word.length))
      }
      if (text[at] === ']') return this.#flowList(items, start, at + 1)
      if (text[at] !== ',') throw notPlain
      at++
    }
  }

  #flowList(items: readonly YamlScalar[], start: number, end: number): YamlList {
    return { kind: 'list', items, span: this.#source.span(start, end) }
  }

  /** Reads `|` or `>` and the deeper lines below it. */
  #readBlockText(start: number, indent: number): YamlScalar {
    const text = this.#text
    blockHeader.lastIndex = start
    const header = blockHeader.exec(text)
    if (!header) throw notPlain
    const lines: string[] = []
    let column = -1
    let at = blockHeader.lastIndex
    let end = at
    while (at < text.length) {
      const lineEnd = this.#lineEnd(at)
      let content = at
      while (text.charCodeAt(content) === space) content++
      if (content < lineEnd) {
        if (column < 0 && content - at > indent) column = content - at
        if (column < 0 || content - at < column) break
        lines.push(text.slice(at + column, lineEnd))
        end = lineEnd
      } else {
        // Blanks deeper than the text could be part of it.
        if (column < 0 ? content > at : content - at > column) throw notPlain
        // Whether blanks without a line break are a line is a question of taste.
        if (lineEnd === text.length) throw notPlain
        lines.push('')
      }
      at = lineEnd + 1
    }
    if (column < 0) throw notPlain
    this.#toContent(at)
    if (this.#indent > indent) throw notPlain
    const value = joinLines(lines, header[1] === '>', header[2] ?? '')
    while (text.charCodeAt(end - 1) === space) end--
    return this.#scalar(value, true, start, end)
  }

  /** Moves to the next content when only blanks and a comment follow on this line. */
  #toContentAfter(at: number): void {
    const text = this.#text
    let rest = at
    while (text.charCodeAt(rest) === space) rest++
    const code = text.charCodeAt(rest)
    const isEnd = code === newline || Number.isNaN(code)
    if (!isEnd && (code !== hash || rest === at)) throw notPlain
    this.#toContent(this.#lineEnd(rest) + 1)
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end < 0 ? this.#text.length : end
  }

  #scalar(text: string, isQuoted: boolean, start: number, end: number): YamlScalar {
    const isNull = !isQuoted && isNullText(text)
    const span = this.#source.span(start, end)
    return { kind: 'scalar', text: isNull ? '' : text, isQuoted, isNull, span }
  }
}

function resolveEscapes(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(/\\(.)/gs, (_, letter: string) => {
    const character = simpleEscapes[letter]
    if (character === undefined) throw notPlain
    return character
  })
}

/** The text of a block: folded or not, its last line breaks cut or kept. */
function joinLines(lines: readonly string[], isFolded: boolean, chomping: string): string {
  let count = lines.length
  while (count > 0 && lines[count - 1] === '') count--
  const kept = lines.slice(0, count)
  const text = isFolded ? fold(kept) : kept.join('\n')
  if (chomping === '-') return text
  return text + '\n'.repeat(chomping === '+' ? lines.length - count + 1 : 1)
}

/** Joins lines by a space, where empty lines are between them by as many line breaks. */
function fold(lines: readonly string[]): string {
  let text = ''
  let breaks = 0
  for (const line of lines) {
    if (line === '') {
      breaks++
      continue
    }
    // Deeper lines keep their line breaks by rules of their own.
    if (line.startsWith(' ')) throw notPlain
    if (text === '') text = '\n'.repeat(breaks)
    else text += breaks === 0 ? ' ' : '\n'.repeat(breaks)
    text += line
    breaks = 0
  }
  return text
}
