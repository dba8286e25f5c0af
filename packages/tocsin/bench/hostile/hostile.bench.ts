/**
 * How long can any single line take? Lines of 64 KiB, made from every pattern of the rules to be as
 * slow as can be, through the whole engine; and the patterns alone. `npm run bench:hostile`,
 * `-- --texts 8` for fewer texts of each pattern, `-- --json` for machines.
 */
import { parseArgs } from 'node:util'
import { hostileGroups, type PatternSource } from './corpus.ts'
import { LineMeter } from './measure-lines.ts'
import { measurePattern, type SlowPattern } from './measure-patterns.ts'
import { loadRuleSet, ruleSets } from './rule-sets.ts'

const { values: options } = parseArgs({
  options: { texts: { type: 'string', default: '16' }, json: { type: 'boolean', default: false } },
})
const textsPerPattern = Number(options.texts)
const summaries: object[] = []

for (const ruleSet of ruleSets) {
  if (ruleSet.skip) {
    process.stderr.write(`${ruleSet.name}: ${ruleSet.skip}\n`)
    continue
  }
  const { detection, patterns } = loadRuleSet(ruleSet)
  const startedMs = performance.now()
  const slowPatterns = patterns
    .map((found) => measurePattern(found, textsPerPattern))
    .sort((a, b) => b.ms - a.ms)
  const meter = new LineMeter(detection)
  const times: number[] = []
  for (const group of hostileGroups(detection.rules, patterns, textsPerPattern)) {
    for (const line of group()) times.push(meter.measure(line))
  }
  times.sort((a, b) => a - b)
  const quantile = (share: number) => {
    return Number((times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2))
  }
  const count = (from: PatternSource) => patterns.filter((found) => found.from === from).length
  const summary = {
    rules: ruleSet.name,
    seconds: Math.round((performance.now() - startedMs) / 1000),
    lines: {
      count: meter.count,
      medianMs: quantile(0.5),
      p99Ms: quantile(0.99),
      worstMs: quantile(1),
      over10Ms: times.filter((ms) => ms > 10).length,
      over50Ms: times.filter((ms) => ms > 50).length,
    },
    patterns: {
      groks: count('grok'),
      inExpressions: count('expression'),
      inDataFiles: count('data file'),
      onLibraryEngine: patterns.filter(({ pattern }) => pattern.engine === 're2').length,
      worstMs: Number((slowPatterns[0]?.ms ?? 0).toFixed(2)),
      over10Ms: slowPatterns.filter(({ ms }) => ms > 10).length,
    },
  }
  summaries.push(summary)
  if (!options.json) {
    process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`)
    printSlowest(meter, slowPatterns)
  }
}
if (options.json) process.stdout.write(`${JSON.stringify(summaries, undefined, 2)}\n`)

function printSlowest(meter: LineMeter, patterns: readonly SlowPattern[]): void {
  const shown = (text: string) =>
    `${JSON.stringify(text.slice(0, 60))} … ${JSON.stringify(text.slice(-12))}`
  const print = (ms: number, text: string) => {
    process.stdout.write(`${ms.toFixed(1).padStart(7)} ms  ${text}\n`)
  }
  process.stdout.write('\nthe slowest lines, through the whole engine\n')
  for (const { ms, rule, type, raw } of meter.slowest) print(ms, `${rule} (${type})  ${shown(raw)}`)
  process.stdout.write('\nthe slowest patterns, alone\n')
  for (const { ms, rule, source, text } of patterns.slice(0, 15)) {
    print(ms, `${rule}  ${JSON.stringify(source.slice(0, 60))}  ${shown(text)}`)
  }
  process.stdout.write('\n')
}
