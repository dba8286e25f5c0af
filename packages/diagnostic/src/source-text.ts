/** A text a user wrote, with the name to show for it, and where its lines begin. */
export class SourceText {
  /** What to show before line and column: a path as the user would type it, or `<argument>`. */
  readonly name: string
  readonly text: string
  #lineStarts: number[] | undefined

  constructor(name: string, text: string) {
    this.name = name
    this.text = text
  }

  /** Line and column, both from 1, of an offset in UTF-16 units; offsets past the end are the end. */
  positionAt(offset: number): Position {
    const starts = this.#starts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: Math.min(offset, this.text.length) - (starts[low] ?? 0) + 1 }
  }

  /** The text of a line (from 1) without its line break; empty when there is no such line. */
  lineAt(line: number): string {
    const starts = this.#starts()
    const start = starts[line - 1]
    if (start === undefined) return ''
    return this.text.slice(start, starts[line] ?? this.text.length).replace(/\r?\n$/, '')
  }

  /** A span of this text; `end` is exclusive. */
  span(start: number, end: number): Span {
    return { source: this, start, end }
  }

  #starts(): number[] {
    if (this.#lineStarts) return this.#lineStarts
    const starts = [0]
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) {
      starts.push(at + 1)
    }
    this.#lineStarts = starts
    return starts
  }
}

/** `{ line: 6, column: 12 }`, both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A piece of a user's text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly source: SourceText
  readonly start: number
  readonly end: number
}
