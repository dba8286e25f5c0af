import type { Problems, Span } from '@tocsin/diagnostic'
import { createTextDict, detached, type TextDict } from '@tocsin/model'
import { compilePattern, LiteralSet, PatternError, PatternSet } from '@tocsin/regex'
import type { DataLine } from './data-lines.ts'
import { readJsonObject, spanOfText } from './json-line.ts'

const kinds = ['equals', 'contains', 'regex'] as const
const example = 'for example {"pattern": "/.env", "tag": "dotenv", "type": "equals"}'

interface Row {
  readonly entry: Readonly<TextDict>
  readonly pattern: string
  readonly tag: string
  readonly type: (typeof kinds)[number]
  readonly span: Span
}

/** Tags by pattern: what equals, what stands in, what matches a text. Hot path. */
class TagIndex {
  readonly #equal = new Map<string, string>()
  readonly #containedTags: readonly string[]
  readonly #contained: LiteralSet
  readonly #matchedTags: readonly string[]
  readonly #matched: PatternSet

  constructor(rows: readonly Row[], problems: Problems) {
    for (const row of rows) {
      if (row.type !== 'equals') continue
      if (this.#equal.has(row.pattern)) {
        problems.warn(
          row.span,
          'TOC_DATA_DUPLICATE',
          `"${row.pattern}" was there before, this line replaces it`,
        )
      }
      this.#equal.set(row.pattern, row.tag)
    }
    const contained = rows.filter((row) => row.type === 'contains')
    this.#containedTags = contained.map((row) => row.tag)
    this.#contained = new LiteralSet(contained.map((row) => row.pattern))
    const matched = rows.filter((row) => row.type === 'regex' && isPattern(row, problems))
    this.#matchedTags = matched.map((row) => row.tag)
    this.#matched = new PatternSet(matched.map((row) => row.pattern))
  }

  find(text: string): string {
    const equal = this.#equal.get(text)
    if (equal !== undefined) return equal
    const contained = this.#contained.find(text)
    if (contained) return this.#containedTags[contained.row] ?? ''
    return this.#matchedTags[this.#matched.firstMatch(text)] ?? ''
  }
}

/** How many answers are remembered, twice at most, and for texts up to which length. */
const mostRemembered = 2048
const longestRemembered = 512

/** A file of JSON lines that gives texts a tag. Logs repeat themselves, so answers are remembered. */
export class MapFile {
  /** Every row, extra keys included, in file order; up to the first that is wrong. */
  readonly rows: readonly Readonly<TextDict>[]
  readonly #tags: TagIndex | undefined
  #recent = new Map<string, string>()
  #older = new Map<string, string>()

  constructor(rows: readonly Readonly<TextDict>[], tags: TagIndex | undefined) {
    this.rows = Object.freeze(rows)
    this.#tags = tags
  }

  /** The tag of the first hit: equal, else leftmost contained, else first matching; '' for none. */
  lookup(text: string): string {
    if (!this.#tags) return ''
    const known = this.#recent.get(text) ?? this.#older.get(text)
    if (known !== undefined) return known
    const tag = this.#tags.find(text)
    if (text.length <= longestRemembered) this.#remember(text, tag)
    return tag
  }

  #remember(text: string, tag: string): void {
    if (this.#recent.size >= mostRemembered) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(detached(text), tag)
  }
}

/** Reads the rows; every wrong one is reported, and with one there are no tags to look up. */
export function readMapFile(lines: readonly DataLine[], problems: Problems): MapFile {
  const rows: Row[] = []
  let isWhole = true
  for (const line of lines) {
    const row = readRow(line, problems)
    if (!row) isWhole = false
    else if (isWhole) rows.push(row)
  }
  return new MapFile(
    rows.map((row) => row.entry),
    isWhole ? new TagIndex(rows, problems) : undefined,
  )
}

function readRow({ text, span }: DataLine, problems: Problems): Row | undefined {
  const entry = readTexts(text, span, problems)
  if (!entry) return undefined
  const { pattern, tag, type } = entry
  for (const key of ['pattern', 'tag', 'type']) {
    if (!entry[key]) {
      return problems.error(span, 'TOC_DATA_ROW', `"${key}" is missing or empty`, example)
    }
  }
  const kind = kinds.find((known) => known === type)
  if (!kind) {
    const message = `type "${type}" is none of ${kinds.join(', ')}`
    return problems.error(span, 'TOC_DATA_ROW', message, example)
  }
  return { entry, pattern: pattern ?? '', tag: tag ?? '', type: kind, span }
}

function readTexts(text: string, span: Span, problems: Problems): TextDict | undefined {
  const data = readJsonObject(text, span, problems)
  if (!data) return undefined
  const entry = createTextDict()
  for (const [key, value] of Object.entries(data)) {
    if (value !== null && typeof value !== 'string') {
      return problems.error(span, 'TOC_DATA_ROW', `the value of "${key}" is not a text`, example)
    }
    entry[key] = value ?? ''
  }
  return entry
}

function isPattern(row: Row, problems: Problems): boolean {
  try {
    compilePattern(row.pattern)
    return true
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    problems.warn(
      spanOfText(row.pattern, row.span, error.offset),
      error.code,
      `${error.message}, so this line is not used`,
    )
    return false
  }
}
