import type { Problems, Span } from '@tocsin/diagnostic'

/** One JSON object of a line, or a problem. */
export function readJsonObject(text: string, span: Span, problems: Problems): object | undefined {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return problems.error(span, 'TOC_DATA_JSON', `the line is not JSON: ${reason}`)
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data
  return problems.error(span, 'TOC_DATA_JSON', 'the line is not a JSON object')
}

/** Where a text of a JSON line stands; from `offset` on when it is written without escapes. */
export function spanOfText(text: string, line: Span, offset: number): Span {
  const quoted = JSON.stringify(text)
  const at = line.source.text.slice(line.start, line.end).indexOf(quoted)
  if (at < 0) return line
  const start = line.start + at + 1
  const end = start + quoted.length - 2
  const isPlain = quoted.length === text.length + 2
  return { ...line, start: isPlain ? Math.min(start + offset, end) : start, end }
}
