/**
 * Runs the test cases that the community hub carries against our engine, and says which fail.
 *
 *     npm run conformance [-- --write]     with --write the result goes to docs/conformance.md
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { runTests, type TestResult } from '@tocsin/hubtest'
import { explanations } from './explanations.ts'

const root = join(import.meta.dirname, '../..')
const shared = join(root, process.env.TOCSIN_SHARED ?? '../shared')
/** The year in which the recorded results of year-less logs were made. */
const recordedYear = 2026

interface Verdict {
  readonly name: string
  readonly compatible: TestResult
  readonly strict: TestResult
}

async function runBoth(names: readonly string[]): Promise<Verdict[]> {
  const plan = {
    hub: join(shared, 'hub'),
    dataDirectories: [join(shared, 'hub-data')],
    year: recordedYear,
  }
  const jobs = availableParallelism()
  const compatible = await runTests(names, { ...plan, peerCompat: true }, jobs)
  const strict = await runTests(names, { ...plan, peerCompat: false }, jobs)
  return names.map((name, i) => ({
    name,
    compatible: compatible[i] as TestResult,
    strict: strict[i] as TestResult,
  }))
}

async function main(): Promise<number> {
  const tests = join(shared, 'hub/.tests')
  if (!existsSync(tests)) {
    process.stdout.write(`no hub at ${shared}: set TOCSIN_SHARED to where it is\n`)
    return 2
  }
  const startedMs = performance.now()
  const entries = readdirSync(tests, { withFileTypes: true })
  const verdicts = await runBoth(
    entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
  )
  const seconds = (performance.now() - startedMs) / 1000
  const report = formatReport(verdicts, seconds)
  process.stdout.write(report.text)
  if (process.argv.includes('--write')) {
    writeFileSync(join(root, 'docs/conformance.md'), report.document)
  }
  return report.unexplained.length === 0 ? 0 : 1
}

function formatReport(verdicts: readonly Verdict[], seconds: number) {
  const failed = verdicts.filter(({ compatible }) => !compatible.isPassed)
  const strictOnly = verdicts.filter(
    ({ compatible, strict }) => compatible.isPassed && !strict.isPassed,
  )
  const unexplained = [...failed, ...strictOnly].filter(({ name }) => !(name in explanations))
  const passed = verdicts.length - failed.length
  const strictPassed = passed - strictOnly.length
  const counts = [
    `${verdicts.length} tests, twice each, in ${seconds.toFixed(1)} s`,
    `compatible with the peer: ${passed} passed, ${failed.length} failed`,
    `every line strict: ${strictPassed} passed, ${verdicts.length - strictPassed} failed`,
  ]
  const rows = [...failed, ...strictOnly].map(({ name, compatible, strict }) => {
    const lines = strict.failures.length
    const mode = compatible.isPassed ? 'strict only' : 'both'
    const missing = strict.missingData.length > 0 ? `no ${strict.missingData.join(', ')}. ` : ''
    return { name, mode, lines, reason: `${missing}${explanations[name] ?? 'unexplained'}` }
  })
  const text = `${[...counts, '', ...rows.map((row) => `${row.name} (${row.mode}): ${row.reason}`), '', `${passed} passed, ${failed.length} failed`].join('\n')}\n`
  const document = `# Conformance with the community hub

The hub's own test cases, run by \`npm run conformance\` on ${new Date().toISOString().slice(0, 10)} with Node
${process.version} on ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown processor'}. A case is a log, the rules it names, and
assertions about every parser result and every overflow.

${counts.map((line) => `- ${line}`).join('\n')}

*Compatible* forgives what the peer does not notice: a false line without \` == \`, and one whose left
side cannot be evaluated. *Strict* forgives nothing.

| Test | Fails | False lines | Why |
|---|---|---|---|
${rows.map((row) => `| \`${row.name}\` | ${row.mode} | ${row.lines} | ${row.reason} |`).join('\n')}
`
  return { text, document, unexplained }
}

process.exitCode = await main()
