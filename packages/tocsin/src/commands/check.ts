import { formatProblem, Problems } from '@tocsin/diagnostic'
import { createDetection } from '@tocsin/engine'
import { systemClock } from '@tocsin/model'
import type { ParserNode } from '@tocsin/parser'
import { Command, Option } from 'commander'
import { addRuleOptions, chooseData, chooseRules, type RuleOptions } from '../rules/rule-options.ts'
import { formatCount } from '../terminal/numbers.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'

interface CheckOptions extends RuleOptions {
  readonly output: 'human' | 'json'
}

/** A pattern that V8 cannot run in linear time, and that the slower linear engine runs instead. */
interface SlowPattern {
  readonly node: string
  readonly place: string
  readonly pattern: string
  readonly reason: string
}

/** `tocsin check [PATH…]` */
export function checkCommand(streams: Streams): Command {
  const command = new Command('check')
    .description('say what is wrong with rules: file, line, column, and what would be right')
    .argument('[path...]', 'rule files, folders of them, a hub, a configuration directory')
    .addOption(
      new Option('-o, --output <format>', 'how to print what is found')
        .choices(['human', 'json'])
        .default('human'),
    )
  return addRuleOptions(command).action(async (paths: string[], options: CheckOptions) => {
    await check(paths, options, streams)
  })
}

async function check(paths: readonly string[], options: CheckOptions, streams: Streams) {
  const problems = new Problems()
  const startedMs = performance.now()
  const rules = paths.length > 0 ? [...(options.rules ?? []), ...paths] : options.rules
  const items = chooseRules({ ...options, ...(rules ? { rules } : {}) }, problems)
  const services = { clock: systemClock, ...chooseData(options) }
  const detection = createDetection(items, services, problems)
  const { parsers, postoverflows, scenarios } = detection.rules
  const slow = [...parsers.nodes, ...postoverflows.nodes].flatMap(slowPatterns)
  const errors = problems.errorCount
  const warnings = problems.list.length - errors
  const counts = {
    parsers: parsers.nodes.length,
    postoverflows: postoverflows.nodes.length,
    scenarios: scenarios.length,
  }
  if (options.output === 'json') {
    const list = problems.list.map(({ severity, code, message, span, file, hint }) => ({
      severity,
      code,
      message,
      file: span?.source.name ?? file ?? null,
      ...(span ? span.source.positionAt(span.start) : {}),
      hint: hint ?? null,
    }))
    const json = { ...counts, errors, warnings, problems: list, slow_patterns: slow }
    await writeText(streams.stdout, `${JSON.stringify(json, undefined, 2)}\n`)
  } else {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(2)
    const lines = [
      ...problems.list.map((problem) => `${formatProblem(problem)}\n`),
      ...slow.map(
        ({ place, node, pattern, reason }) =>
          `${place}: note: a pattern of ${node} runs on the slower engine: ${reason}\n  ${pattern}\n`,
      ),
      `${formatCount(counts.parsers)} parsers, ${formatCount(counts.postoverflows)} postoverflows, ${formatCount(counts.scenarios)} scenarios in ${seconds} s: ${formatCount(errors)} errors, ${formatCount(warnings)} warnings, ${formatCount(slow.length)} slow patterns`,
    ]
    await writeText(streams.stdout, `${lines.join('\n')}\n`)
  }
  if (errors > 0 || (options.strict && warnings > 0)) throw new CommandError('', 1)
}

function slowPatterns(node: ParserNode): SlowPattern[] {
  const pattern = node.grok?.grok.pattern
  const own: SlowPattern[] = []
  if (pattern?.engine === 're2') {
    const { source, start } = node.span
    const { line, column } = source.positionAt(start)
    own.push({
      node: node.name,
      place: `${source.name}:${line}:${column}`,
      pattern: pattern.source,
      reason: pattern.engineReason ?? '',
    })
  }
  return [...own, ...node.children.flatMap(slowPatterns)]
}
