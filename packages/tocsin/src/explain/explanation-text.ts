import { escapeControls } from '@tocsin/diagnostic'
import type { EventChange } from '@tocsin/engine'
import type { Style } from '../terminal/style.ts'
import type { LineExplanation, NearMiss, NodeExplanation } from './line-explainer.ts'

const shownExpected = 60
const shownText = 60

export interface ExplanationOptions {
  readonly verbose?: boolean
}

/**
 * The tree of one line: stages, nodes with what they changed, the verdict, the scenarios.
 * Nodes whose filter said no are left out unless `verbose`.
 */
export function formatExplanation(
  explanation: LineExplanation,
  options: ExplanationOptions,
  style: Style,
): string {
  const lines = [`line: ${escapeControls(explanation.line)}`]
  let stage = ''
  for (const node of explanation.nodes) {
    if (node.verdict === 'filtered' && !options.verbose) continue
    if (node.stage !== stage) {
      stage = node.stage
      lines.push(`  ├ ${style.bold(stage)}`)
    }
    lines.push(...formatNode(node, '  |  ', options, style))
  }
  lines.push(`  ├ ${formatVerdict(explanation, style)}`)
  lines.push(`  └ ${style.bold('scenarios')}${explanation.scenarios.length === 0 ? ': none' : ''}`)
  for (const name of explanation.scenarios) lines.push(`      ${style.green('✓')} ${name}`)
  for (const message of explanation.overflows) {
    lines.push(`      ${style.red('!')} ${escapeControls(message)}`)
  }
  return `${lines.join('\n')}\n\n`
}

function formatVerdict({ verdict, whitelistReason }: LineExplanation, style: Style): string {
  if (verdict === 'parsed') return style.green('parsed')
  if (verdict === 'unparsed') return style.red('not parsed: a stage had no node that took it')
  return style.yellow(`whitelisted: ${escapeControls(whitelistReason)}`)
}

function formatNode(
  node: NodeExplanation,
  indent: string,
  options: ExplanationOptions,
  style: Style,
): string[] {
  const isTaken = node.verdict === 'taken'
  const mark = isTaken ? style.green('✓') : style.red('✗')
  const summary = isTaken ? formatCounts(node.changes) : node.verdict
  const lines = [`${indent}${mark} ${node.name} ${style.dim(`(${summary})`)}`]
  if (options.verbose && node.filter !== '') {
    lines.push(`${indent}    ${style.dim(`filter ${escapeControls(node.filter)}`)}`)
  }
  if (node.miss) lines.push(...formatMiss(node.miss, `${indent}    `, style))
  if (options.verbose && isTaken) {
    for (const change of node.changes) lines.push(`${indent}    ${formatChange(change)}`)
  }
  const shown = options.verbose ? node.children : mattering(node)
  for (const child of shown) lines.push(...formatNode(child, `${indent}  `, options, style))
  const hidden = node.children.filter(isMiss).length - shown.filter(isMiss).length
  if (!isTaken && hidden > 0) {
    lines.push(
      `${indent}    ${style.dim(`${hidden} other patterns stopped earlier (-v shows them)`)}`,
    )
  }
  return lines
}

/** The children that took the line; where the node did not, the one that came nearest. */
function mattering(node: NodeExplanation): readonly NodeExplanation[] {
  const taken = node.children.filter((child) => child.verdict === 'taken')
  if (node.verdict === 'taken') return taken
  const misses = node.children.filter(isMiss)
  const farthest = Math.max(...misses.map((child) => child.miss?.offset ?? 0))
  const nearest = misses.find((child) => (child.miss?.offset ?? 0) === farthest)
  return nearest ? [...taken, nearest] : taken
}

function isMiss(node: NodeExplanation): boolean {
  return node.verdict !== 'taken' && node.verdict !== 'filtered'
}

function formatCounts(changes: readonly EventChange[]): string {
  const created = changes.filter((change) => change.before === undefined).length
  const deleted = changes.filter((change) => change.after === undefined).length
  const updated = changes.length - created - deleted
  const parts = [
    created > 0 ? `+${created}` : '',
    updated > 0 ? `~${updated}` : '',
    deleted > 0 ? `-${deleted}` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'unchanged' : parts.join(' ')
}

function formatChange({ path, before, after }: EventChange): string {
  if (after === undefined) return `delete ${path}`
  if (before === undefined) return `create ${path} : ${escapeControls(after)}`
  return `update ${path} : ${escapeControls(before)} → ${escapeControls(after)}`
}

/** The text with a mark where the pattern stopped, and what it wanted there. */
function formatMiss({ text, offset, expected }: NearMiss, indent: string, style: Style): string[] {
  const from = Math.max(0, offset - shownText)
  const before = `${from > 0 ? '…' : ''}${escapeControls(text.slice(from, offset))}`
  const after = escapeControls(text.slice(offset, offset + shownText))
  const wanted = expected.length > shownExpected ? `${expected.slice(0, shownExpected)}…` : expected
  return [
    `${indent}${style.dim(before)}${style.red('▸')}${after}`,
    `${indent}${style.dim(`stopped at byte ${offset}, expected ${escapeControls(wanted)}`)}`,
  ]
}
