import { stripVTControlCharacters } from 'node:util'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/**
 * A table without frames: titles in capitals, columns two or three spaces apart, nothing after the
 * last column. Cells must be safe to print already.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = '',
): string[] {
  const all = [columns.map((column) => column.title.toUpperCase()), ...rows]
  const widths = columns.map((_, i) => Math.max(...all.map((row) => visibleLength(row[i] ?? ''))))
  return all.map((row) => {
    const cells = columns.map((column, i) => padCell(row[i] ?? '', widths[i] ?? 0, column.align))
    return (indent + cells.join('   ')).trimEnd()
  })
}

function padCell(text: string, width: number, align: Column['align']): string {
  const padding = ' '.repeat(Math.max(0, width - visibleLength(text)))
  return align === 'right' ? padding + text : text + padding
}

function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length
}
