import { RE2JS } from 're2js'
import type { TemplateFunction } from '../function.ts'
import { FunctionError, type FunctionTable, fixed, textOf, variadic, wholeOf } from '../function.ts'
import type { Value } from '../value.ts'

type Call = (pattern: RE2JS, text: string, ...more: readonly Value[]) => Value

/** `name pattern text …`; a pattern that cannot be read is an error in both forms. */
function searching(count: number, call: Call): TemplateFunction {
  return fixed(count, (pattern, text, ...more) =>
    call(compile(textOf(pattern)), textOf(text), ...more),
  )
}

const tables: FunctionTable = {
  regexMatch: searching(2, (pattern, text) => pattern.matcher(text).find()),
  regexFind: searching(2, (pattern, text) => {
    const matcher = pattern.matcher(text)
    return matcher.find() ? (matcher.group() ?? '') : ''
  }),
  regexFindAll: searching(3, (pattern, text, limit) => {
    const found: string[] = []
    const most = wholeOf(limit)
    for (const { start, end } of matches(pattern, text)) {
      if (found.length === most) break
      found.push(text.slice(start, end))
    }
    return found
  }),
  regexReplaceAll: searching(3, (pattern, text, by) =>
    replaceAll(pattern, text, (groups) => expand(textOf(by), groups, pattern)),
  ),
  regexReplaceAllLiteral: searching(3, (pattern, text, by) =>
    replaceAll(pattern, text, () => textOf(by)),
  ),
  regexSplit: searching(3, (pattern, text, limit) => split(pattern, text, wholeOf(limit))),
}

/** `regexMatch`, `regexReplaceAll`…, and their `must` forms. Patterns are RE2's, matched in linear time. */
export const regexFunctions: FunctionTable = {
  ...tables,
  ...Object.fromEntries(
    Object.entries(tables).map(([name, call]) => [`mustR${name.slice(1)}`, call]),
  ),
  regexQuoteMeta: variadic(1, (text) => textOf(text).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'), 1),
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error))
  }
}

interface Match {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | null)[]
}

/** Matches that do not overlap; an empty one right behind another does not count. */
function* matches(pattern: RE2JS, text: string): Generator<Match> {
  const matcher = pattern.matcher(text)
  let lastEnd = -1
  while (matcher.find()) {
    const start = matcher.start()
    const end = matcher.end()
    if (start === end && start === lastEnd) continue
    lastEnd = end
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i))
    yield { start, end, groups }
  }
}

function replaceAll(
  pattern: RE2JS,
  text: string,
  replace: (groups: readonly (string | null)[]) => string,
): string {
  let result = ''
  let at = 0
  for (const { start, end, groups } of matches(pattern, text)) {
    result += text.slice(at, start) + replace(groups)
    at = end
  }
  return result + text.slice(at)
}

/** `$1`, `${1}`, `$name`; `$$` is a dollar. A group that is not there is empty. */
function expand(template: string, groups: readonly (string | null)[], pattern: RE2JS): string {
  return template.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar, braced, plain) => {
    if (dollar !== undefined) return '$'
    const name = String(braced ?? plain)
    const index = /^\d+$/.test(name) ? Number(name) : pattern.namedGroups()[name]
    return index === undefined ? '' : (groups[index] ?? '')
  })
}

function split(pattern: RE2JS, text: string, limit: number): string[] {
  if (limit === 0) return []
  const parts: string[] = []
  let at = 0
  for (const { start, end } of matches(pattern, text)) {
    if (limit > 0 && parts.length === limit - 1) break
    // An empty match at the very start splits off nothing.
    if (end === 0) continue
    parts.push(text.slice(at, start))
    at = end
  }
  // As in Go: nothing is split off behind an empty match at the end.
  if (at !== text.length || parts.length === 0 || endsInMatch(pattern, text))
    parts.push(text.slice(at))
  return parts
}

function endsInMatch(pattern: RE2JS, text: string): boolean {
  let hasEnd = false
  for (const { start, end } of matches(pattern, text)) hasEnd = end === text.length && start < end
  return hasEnd
}
