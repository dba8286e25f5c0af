import type { Problems, SourceText, Span } from '@tocsin/diagnostic'

/** A line of a data file that counts: no comment, not empty. */
export interface DataLine {
  readonly text: string
  readonly span: Span
}

const maxLineBytes = 64 * 1024

/**
 * The lines of a data file. Empty ones and such as start with `#` are left out; nothing is trimmed
 * but a `\r` at the end. A line over 64 KiB is reported and left out.
 */
export function readDataLines(source: SourceText, problems: Problems): DataLine[] {
  const lines: DataLine[] = []
  const { text } = source
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const next = newline < 0 ? text.length : newline + 1
    let end = newline < 0 ? text.length : newline
    if (end > start && text.charCodeAt(end - 1) === 13) end--
    if (end > start && text.charCodeAt(start) !== 35) {
      const span = source.span(start, end)
      const line = text.slice(start, end)
      // UTF-8 has at most three bytes for each unit, so most lines need no counting.
      if ((end - start) * 3 > maxLineBytes && Buffer.byteLength(line) > maxLineBytes) {
        problems.error(
          span,
          'TOC_DATA_LINE_LENGTH',
          `the line has ${Buffer.byteLength(line)} bytes, at most ${maxLineBytes} are read`,
        )
      } else {
        lines.push({ text: line, span })
      }
    }
    start = next
  }
  return lines
}
