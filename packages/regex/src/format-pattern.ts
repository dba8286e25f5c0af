import { unreachable } from '@tocsin/diagnostic'
import type { CharSet } from './char-set.ts'
import type { Node } from './node.ts'

/**
 * A tree as text of the RE2 dialect, for the library engine and for messages. Only named groups
 * are groups, and they have no name: group n is the nth of `capturesIn`.
 */
export function formatPattern(node: Node): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)'
    case 'literal':
      return Array.from(node.text, formatChar).join('')
    case 'class':
      return formatSet(node.set)
    case 'position':
      return positions[node.at]
    case 'sequence':
      return node.items.map((item) => wrapped(item, item.kind === 'choice')).join('')
    case 'choice':
      return node.items.map(formatPattern).join('|')
    case 'repeat': {
      const counts = formatCounts(node.min, node.max)
      const isUnit = node.body.kind === 'class' || (node.body.kind === 'capture' && node.body.name)
      return `${wrapped(node.body, !isUnit)}${counts}${node.isGreedy ? '' : '?'}`
    }
    case 'capture':
      return `(${node.name === undefined ? '?:' : ''}${formatPattern(node.body)})`
    default:
      return unreachable(node)
  }
}

const positions = {
  textStart: '\\A',
  textEnd: '\\z',
  lineStart: '(?m:^)',
  lineEnd: '(?m:$)',
  wordBoundary: '\\b',
  notWordBoundary: '\\B',
} as const

function wrapped(node: Node, isNeeded: boolean): string {
  const text = formatPattern(node)
  return isNeeded ? `(?:${text})` : text
}

function formatCounts(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min > 1 ? `{${min},}` : (['*', '+'][min] ?? '')
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}

function formatSet(set: CharSet): string {
  if (set.isEmpty) return '[^\\x00-\\x{10FFFF}]'
  const isNegated = set.hasAllAstral
  const shown = isNegated ? set.negate() : set
  if (shown.isEmpty) return '(?s:.)'
  let members = ''
  for (let i = 0; i < shown.ranges.length; i += 2) {
    const [first, last] = [shown.ranges[i] ?? 0, shown.ranges[i + 1] ?? 0]
    members += formatPoint(first)
    if (last > first) members += `-${formatPoint(last)}`
  }
  return `[${isNegated ? '^' : ''}${members}]`
}

function formatChar(char: string): string {
  return /[A-Za-z0-9 _"'<>@%#~`;&!=:,/-]/.test(char) ? char : formatPoint(char.codePointAt(0) ?? 0)
}

function formatPoint(point: number): string {
  const char = String.fromCodePoint(point)
  if (/^[A-Za-z0-9 _"'<>@%#~`;&!=:,/]$/.test(char)) return char
  if (point === 0x0a) return '\\n'
  if (point === 0x09) return '\\t'
  if (point > 0x20 && point < 0x7f) return `\\${char}`
  return `\\x{${point.toString(16).toUpperCase()}}`
}
