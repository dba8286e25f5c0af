import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { escapeControls, suggest } from '@tocsin/diagnostic'
import { runTests, type TestResult } from '@tocsin/hubtest'
import { Command, Option } from 'commander'
import { ownRulesDirectory } from '../rules/own-rules.ts'
import { chooseData } from '../rules/rule-options.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { createStyle } from '../terminal/style.ts'

interface RunCommandOptions {
  readonly hub?: string
  readonly data?: readonly string[]
  readonly cityDb?: string
  readonly asnDb?: string
  readonly all?: boolean
  readonly peerCompat?: boolean
  readonly year?: number
  readonly jobs?: number
  readonly output: 'human' | 'json'
}

const collect = (value: string, list: readonly string[] = []): string[] => [...list, value]

/** `tocsin hubtest run|list` */
export function hubtestCommand(streams: Streams): Command {
  const command = new Command('hubtest').description('run the tests that rules of a hub carry')
  command
    .command('run')
    .description('run tests: a log, the rules named, and what shall come of it')
    .argument('[name...]', 'tests, by the name of their folder')
    .option('--all', 'every test of the hub')
    .option('--hub <dir>', 'the hub; our own rules when left out')
    .option('--data <dir>', 'where data files of rules are (repeatable)', collect)
    .option('--city-db <file>', 'GeoIP database of places (MMDB)')
    .option('--asn-db <file>', 'GeoIP database of networks (MMDB)')
    .option('--peer-compat', 'forgive what the peer does not notice in assertions')
    .addOption(
      new Option('--year <year>', 'the year of log dates that have none').argParser(Number),
    )
    .addOption(new Option('--jobs <n>', 'how many tests at a time').argParser(Number))
    .addOption(
      new Option('-o, --output <format>', 'how to print the results')
        .choices(['human', 'json'])
        .default('human'),
    )
    .action(async (names: string[], options: RunCommandOptions) => {
      await run(names, options, streams)
    })
  command
    .command('list')
    .description('name the tests of a hub')
    .option('--hub <dir>', 'the hub; our own rules when left out')
    .action(async ({ hub = ownRulesDirectory }: { hub?: string }) => {
      await writeText(streams.stdout, `${listTests(hub).join('\n')}\n`)
    })
  return command
}

function listTests(hub: string): string[] {
  try {
    return readdirSync(join(hub, '.tests'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`${hub} has no tests: ${reason}`)
  }
}

async function run(names: readonly string[], options: RunCommandOptions, streams: Streams) {
  const hubPath = options.hub ?? ownRulesDirectory
  const known = listTests(hubPath)
  for (const name of names) {
    if (known.includes(name)) continue
    const near = suggest(name, known)
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`
    throw new CommandError(`${hubPath} has no test "${name}".${hint}`, 2)
  }
  if (names.length === 0 && !options.all) {
    throw new CommandError('Name tests, or give --all.', 2)
  }
  const { directories, cityDatabase, asnDatabase } = chooseData({ ...options, hub: hubPath })
  const results = await runTests(
    options.all ? known : names,
    {
      hub: hubPath,
      dataDirectories: directories,
      cityDatabase,
      asnDatabase,
      year: options.year,
      peerCompat: options.peerCompat ?? false,
    },
    options.jobs ?? availableParallelism(),
  )
  await printResults(results, options, streams)
  if (results.some((result) => !result.isPassed)) throw new CommandError('', 1)
}

async function printResults(
  results: readonly TestResult[],
  options: RunCommandOptions,
  { stdout, env }: Streams,
): Promise<void> {
  const passed = results.filter((result) => result.isPassed).length
  if (options.output === 'json') {
    const tests = results.map((result) => ({
      name: result.name,
      passed: result.isPassed,
      ...(result.error === undefined ? {} : { error: result.error }),
      failures: result.failures.map(({ file, line, expression, got }) => ({
        file,
        line,
        expression,
        got,
      })),
      ...(result.missingData.length === 0 ? {} : { missing_data: result.missingData }),
      ...(result.generated === undefined ? {} : { generated: result.generated }),
    }))
    const json = { tests, passed, failed: results.length - passed }
    await writeText(stdout, `${JSON.stringify(json, undefined, 2)}\n`)
    return
  }
  const style = createStyle(stdout, env)
  const lines: string[] = []
  for (const result of results) {
    if (result.isPassed) continue
    lines.push(`${style.red('✗')} ${style.bold(result.name)}`)
    if (result.error !== undefined) lines.push(indent(result.error))
    for (const { file, line, expression, got } of result.failures) {
      lines.push(`  ${file}:${line}: ${escapeControls(expression)}`)
      lines.push(`    got ${escapeControls(got)}`)
    }
    for (const [file, text] of Object.entries(result.generated ?? {})) {
      lines.push(`  ${file} could say:`, indent(text.trimEnd()))
    }
    if (result.missingData.length > 0) {
      lines.push(`  data that is not here: ${result.missingData.join(', ')}`)
    }
  }
  lines.push(`${passed} passed, ${results.length - passed} failed`)
  await writeText(stdout, `${lines.join('\n')}\n`)
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}
