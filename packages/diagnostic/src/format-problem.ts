import { escapeControls } from './escape-controls.ts'
import type { Problem } from './problem.ts'

const maxShownColumns = 160

/**
 * A problem as users see it: place, message, code, the line with carets, the hint.
 *
 *     scenarios/ssh-bf.yaml:6:12: leakspeed must be longer than zero [TOC_BUCKET_LEAKSPEED]
 *       6 | leakspeed: "0s"
 *         |            ^^^^
 *       hint: "10s" lets one event leak every ten seconds
 */
export function formatProblem(problem: Problem): string {
  const { span, hint } = problem
  const label = problem.severity === 'warning' ? 'warning: ' : ''
  const tail = `${label}${escapeControls(problem.message)} [${problem.code}]`
  const lines: string[] = []
  if (span) {
    const start = span.source.positionAt(span.start)
    lines.push(`${span.source.name}:${start.line}:${start.column}: ${tail}`)
    lines.push(...excerpt(problem))
  } else {
    lines.push(problem.file === undefined ? tail : `${problem.file}: ${tail}`)
  }
  if (hint !== undefined) lines.push(`  hint: ${escapeControls(hint)}`)
  return lines.join('\n')
}

/** The line of the span with carets below; long lines are cut around the carets. */
function excerpt({ span }: Problem): string[] {
  if (!span) return []
  const { line, column } = span.source.positionAt(span.start)
  const text = span.source.lineAt(line)
  const from = Math.max(0, column - 1 - maxShownColumns / 2)
  const shown = escapeControls(text.slice(from, from + maxShownColumns))
  const indent = escapeControls(text.slice(from, column - 1)).length
  const room = Math.max(1, shown.length - indent)
  const carets = '^'.repeat(Math.max(1, Math.min(span.end - span.start, room)))
  const gutter = String(line)
  return [
    `  ${gutter} | ${shown}`.trimEnd(),
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(indent)}${carets}`,
  ]
}
