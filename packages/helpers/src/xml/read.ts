/** An element of a parsed document. */
export class XmlElement {
  readonly parent: XmlElement | undefined
  /** `s` of `s:Envelope`; empty without. */
  readonly prefix: string
  /** `Envelope` of `s:Envelope`. */
  readonly name: string
  /** Name as written, then value, alternating: most elements have none or one. */
  readonly attributes: readonly string[]
  readonly children: XmlElement[] = []
  /** The text directly after the opening tag, up to the first child. */
  text = ''
  /** Whether text may still be added: no child was met. */
  isHead = true

  constructor(parent: XmlElement | undefined, tag: string, attributes: readonly string[]) {
    const colon = tag.indexOf(':')
    this.parent = parent
    this.prefix = colon < 0 ? '' : tag.slice(0, colon)
    this.name = colon < 0 ? tag : tag.slice(colon + 1)
    this.attributes = attributes
  }
}

const none: readonly string[] = []
/** Deeper documents are refused: no log has such depth, and paths look upwards. */
const maxDepth = 5000

/**
 * Reads an XML document without a DTD: a `<!DOCTYPE` is skipped, the only entities are the five of
 * XML and numeric ones, so nothing expands. Linear time, no recursion.
 * @returns The document, whose children are the outermost elements; undefined when not well-formed
 * or nested deeper than 5000.
 */
export function readXml(text: string): XmlElement | undefined {
  const document = new XmlElement(undefined, '', none)
  let current = document
  let depth = 0
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('<', at)
    const chunkEnd = open < 0 ? text.length : open
    if (chunkEnd > at) {
      const chunk = decodeText(text.slice(at, chunkEnd))
      if (chunk === undefined) return undefined
      if (current.isHead) current.text += chunk
    }
    if (open < 0) break
    const mark = text.charCodeAt(open + 1)
    if (mark === 0x2f) {
      const close = text.indexOf('>', open)
      if (close < 0 || !current.parent) return undefined
      if (!closes(current, text.slice(open + 2, close))) return undefined
      current = current.parent
      depth--
      at = close + 1
    } else if (mark === 0x21) {
      at = skipDeclaration(text, open, current)
      if (at < 0) return undefined
    } else if (mark === 0x3f) {
      const close = text.indexOf('?>', open)
      if (close < 0) return undefined
      at = close + 2
    } else {
      const tag = readTag(text, open)
      if (!tag || depth >= maxDepth) return undefined
      const element = new XmlElement(current, tag.name, tag.attributes)
      current.children.push(element)
      current.isHead = false
      if (!tag.isEmpty) {
        current = element
        depth++
      }
      at = tag.end
    }
  }
  return current === document ? document : undefined
}

function closes(element: XmlElement, tag: string): boolean {
  const name = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`
  return tag === name || (tag.startsWith(name) && /^[ \t\r\n]*$/.test(tag.slice(name.length)))
}

/** Steps over a comment, CDATA (which is text) or `<!DOCTYPE …>`; -1 when it has no end. */
function skipDeclaration(text: string, open: number, current: XmlElement): number {
  if (text.startsWith('<!--', open)) return after(text, '-->', open + 4)
  if (text.startsWith('<![CDATA[', open)) {
    const end = text.indexOf(']]>', open + 9)
    if (end < 0) return -1
    if (current.isHead) current.text += text.slice(open + 9, end)
    return end + 3
  }
  // Quotes and inner declarations may hold `>`.
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x3c) depth++
    else if (unit === 0x3e && --depth === 0) return at + 1
    else if (unit === 0x22 || unit === 0x27) {
      at = text.indexOf(unit === 0x22 ? '"' : "'", at + 1)
      if (at < 0) return -1
    }
  }
  return -1
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? -1 : at + mark.length
}

interface Tag {
  readonly name: string
  readonly attributes: readonly string[]
  readonly isEmpty: boolean
  readonly end: number
}

/** Reads `<name a="b" …>`; undefined when it is not a tag. */
function readTag(text: string, open: number): Tag | undefined {
  let at = nameEnd(text, open + 1)
  const name = text.slice(open + 1, at)
  if (!isName(name)) return undefined
  let attributes: string[] | undefined
  for (;;) {
    at = skipBlank(text, at)
    const unit = text.charCodeAt(at)
    if (unit === 0x3e) return { name, attributes: attributes ?? none, isEmpty: false, end: at + 1 }
    if (unit === 0x2f) {
      if (text.charCodeAt(at + 1) !== 0x3e) return undefined
      return { name, attributes: attributes ?? none, isEmpty: true, end: at + 2 }
    }
    const keyEnd = nameEnd(text, at)
    const key = text.slice(at, keyEnd)
    at = skipBlank(text, keyEnd)
    if (!isName(key) || text.charCodeAt(at) !== 0x3d) return undefined
    at = skipBlank(text, at + 1)
    const quote = text[at]
    if (quote !== '"' && quote !== "'") return undefined
    const end = text.indexOf(quote, at + 1)
    const value = end < 0 ? undefined : decodeText(text.slice(at + 1, end))
    if (value === undefined) return undefined
    attributes ??= []
    attributes.push(key, value)
    at = end + 1
  }
}

function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit !== 0x20 && unit !== 9 && unit !== 10 && unit !== 13) return at
    at++
  }
}

/** Where a name ends: at white space, `=`, `/`, `>`, a quote, `<` or the end. */
function nameEnd(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit <= 0x20 || unit === 0x3d || unit === 0x2f || unit === 0x3e) return at
    if (unit === 0x22 || unit === 0x27 || unit === 0x3c) return at
    at++
  }
  return at
}

function isName(name: string): boolean {
  return /^[\p{L}_:][\p{L}\p{N}\p{M}_:.\u00b7-]*$/u.test(name)
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Character data with its entities; undefined for an unknown one. Line ends become `\n`. */
function decodeText(raw: string): string | undefined {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
  if (!text.includes('&')) return text
  let isValid = true
  const decoded = text.replace(/&(?:([^;&\s]{1,32});)?/g, (_, name: string | undefined) => {
    const letter = name === undefined ? undefined : (entities.get(name) ?? numeric(name))
    if (letter === undefined) isValid = false
    return letter ?? ''
  })
  return isValid ? decoded : undefined
}

function numeric(name: string): string | undefined {
  if (!/^#(?:\d+|x[0-9a-fA-F]+)$/.test(name)) return undefined
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  if (code > 0x10ffff || (code < 0x20 && code !== 9 && code !== 10 && code !== 13)) return undefined
  return String.fromCodePoint(code).toWellFormed()
}
