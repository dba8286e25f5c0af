import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readLines } from '@tocsin/acquisition'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { createDetection, type DetectionServices, NodeRecorder } from '@tocsin/engine'
import { assertEnvironment } from '@tocsin/helpers'
import { type HubTree, installFlat, orderItems, type RuleItem, type RuleKind } from '@tocsin/hub'
import { createTextDict, type Event, timeMode } from '@tocsin/model'
import { type AssertionFailure, checkAssertions } from './assertions.ts'
import { type GeneratedAssertions, generateAssertions } from './generate-assertions.ts'
import { overrideItem } from './override-item.ts'
import { viewResults } from './result-view.ts'
import { sortResults } from './sort-results.ts'
import { readTestCase, type TestCase } from './test-case.ts'

/** What came of one test. */
export interface TestResult {
  readonly name: string
  readonly isPassed: boolean
  /** Why it could not run at all: an unknown item, a missing log, data that is not here. */
  readonly error: string | undefined
  readonly failures: readonly AssertionFailure[]
  /** Data files and databases the rules name that are not on this machine. */
  readonly missingData: readonly string[]
  /** What an empty or missing assertion file could say. */
  readonly generated: GeneratedAssertions | undefined
}

export interface RunOptions {
  readonly hub: HubTree
  readonly services: DetectionServices
  /** Forgives what the peer does not notice: false lines without ` == `. */
  readonly peerCompat: boolean
}

/** Runs one test of a hub, given by its directory, and checks its assertions. */
export async function runTest(directory: string, options: RunOptions): Promise<TestResult> {
  const name = basename(directory)
  const failed = (error: string, missingData: readonly string[] = []): TestResult => ({
    name,
    isPassed: false,
    error,
    failures: [],
    missingData,
    generated: undefined,
  })
  const problems = new Problems()
  const configPath = join(directory, 'config.yaml')
  if (!existsSync(configPath)) return failed(`${configPath} does not exist`)
  const test = readTestCase(name, directory, readFileSync(configPath, 'utf8'), problems)
  const items = test ? resolveItems(test, options.hub, problems) : []
  if (!test || problems.errorCount > 0) return failed(formatErrors(problems))
  if (!existsSync(test.logFile)) return failed(`${test.logFile} does not exist`)
  if (statSync(test.logFile).size === 0) return failed(`${test.logFile} is empty`)

  const detection = createDetection(items, options.services, problems)
  if (problems.errorCount > 0) return failed(formatErrors(problems), detection.missingData)
  const { nodes, overflows } = await replay(test, detection)
  const { functions } = detection
  const outcome: { failures: AssertionFailure[]; generated: GeneratedAssertions } = {
    failures: [],
    generated: {},
  }
  const check = (file: 'parser.assert' | 'scenario.assert', results: unknown) => {
    const path = join(directory, file)
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const subject = file === 'parser.assert' ? 'parsers' : 'scenarios'
    if (text === '') outcome.generated[file] = generateAssertions(file, nodes, overflows)
    outcome.failures.push(
      ...checkAssertions(path, text, results, assertEnvironment(functions, subject)),
    )
  }
  if (!test.ignoresParsers) check('parser.assert', nodes)
  if (test.scenarios.length > 0) check('scenario.assert', overflows)
  const failures = outcome.failures.filter(
    (failure) => !options.peerCompat || !failure.isHiddenByPeer,
  )
  const isGenerated = Object.keys(outcome.generated).length > 0
  return {
    name,
    isPassed: failures.length === 0 && !isGenerated,
    error: isGenerated ? 'an assertion file is empty: fill it' : undefined,
    failures,
    missingData: detection.missingData,
    generated: isGenerated ? outcome.generated : undefined,
  }
}

function formatErrors(problems: Problems): string {
  return problems.list
    .filter((problem) => problem.severity === 'error')
    .map(formatProblem)
    .join('\n')
}

/** Only what the test lists is there, flat: authors are forgotten, a stage is ordered by file name. */
function resolveItems(test: TestCase, hub: HubTree, problems: Problems): RuleItem[] {
  const lists: [kind: RuleKind, names: readonly string[]][] = [
    ['parser', test.parsers],
    ['postoverflow', test.postoverflows],
    ['scenario', test.scenarios],
  ]
  const found = lists.flatMap(([kind, names]) =>
    names.flatMap((name) => hub.resolve(kind, name, test.directory, problems) ?? []),
  )
  const items = installFlat(found)
  const override = overrideItem(test)
  return orderItems(override ? [...items, override] : items)
}

interface Replayed {
  readonly nodes: ReadonlyMap<string, ReadonlyMap<string, readonly unknown[]>>
  readonly overflows: readonly Event[]
}

async function replay(
  test: TestCase,
  detection: ReturnType<typeof createDetection>,
): Promise<Replayed> {
  const recorder = new NodeRecorder()
  const overflows: Event[] = []
  const engine = detection.createEngine({
    mode: timeMode.replay,
    onAlert: () => {},
    observer: { parse: recorder, overflowed: (event) => overflows.push(event) },
  })
  const labels = Object.assign(createTextDict(), test.labels, { type: test.logType })
  const source = { name: test.logFile, module: 'file', labels }
  const readAt = engine.now()
  await readLines(createReadStream(test.logFile), test.logFile, (line) =>
    engine.processLine(line, source, readAt),
  )
  const nodes = viewResults(recorder.results)
  return { nodes, overflows: sortResults(overflows) }
}
