import { readFileSync } from 'node:fs'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import {
  createDetection,
  createWorkerSeed,
  type Detection,
  ReplayClock,
  type WorkerSeed,
} from '@tocsin/engine'
import { profileEnvironment } from '@tocsin/helpers'
import { systemClock, timeMode } from '@tocsin/model'
import { defaultProfiles, type Profile, readProfiles } from '@tocsin/profile'
import { CommandError, type Streams } from '../terminal/streams.ts'
import { chooseData, chooseRules, type RuleOptions } from './rule-options.ts'

/** Most problems shown one by one; `tocsin check` shows all. */
const shownProblems = 5

export interface PreparedDetection {
  readonly detection: Detection
  readonly clock: ReplayClock
  /** What other threads make the same rules from. */
  readonly createSeed: () => WorkerSeed
  readonly profiles: readonly Profile[]
  readonly loadSeconds: number
}

/**
 * Compiles the rules the options choose and says on stderr what is wrong with them.
 * @throws {CommandError} With `--strict` and a problem, or when nothing could be loaded.
 */
export function prepareDetection(
  options: RuleOptions & { readonly profiles?: string },
  streams: Streams,
): PreparedDetection {
  const startedMs = performance.now()
  const problems = new Problems()
  const items = chooseRules(options, problems)
  const data = chooseData(options)
  const { year } = options
  const clock = new ReplayClock(systemClock.nowMs())
  const detection = createDetection(
    items,
    {
      clock,
      ...data,
      ...(year === undefined ? {} : { currentYear: () => year }),
    },
    problems,
  )
  const environment = profileEnvironment(detection.functions)
  const profiles =
    options.profiles === undefined
      ? defaultProfiles(environment, problems)
      : readProfiles(readSource(options.profiles), environment, problems)
  reportProblems(problems, options.strict ?? false, streams)
  if (detection.rules.parsers.nodes.length === 0) {
    throw new CommandError('no parser could be loaded, so no line would mean anything')
  }
  return {
    ...{ detection, clock, profiles },
    createSeed: () => createWorkerSeed(items, detection, data, { mode: timeMode.replay, year }),
    loadSeconds: (performance.now() - startedMs) / 1000,
  }
}

/** Reads a file that a command line names. @throws {CommandError} When it cannot be read. */
export function readSource(path: string): SourceText {
  try {
    return new SourceText(path, readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`${path} cannot be read: ${reason}`)
  }
}

function reportProblems(problems: Problems, isStrict: boolean, { stderr }: Streams): void {
  const { list } = problems
  if (list.length === 0) return
  const errors = list.filter((problem) => problem.severity === 'error')
  if (isStrict) {
    throw new CommandError(list.map(formatProblem).join('\n\n'))
  }
  for (const problem of errors.slice(0, shownProblems)) {
    stderr.write(`${formatProblem(problem)}\n\n`)
  }
  const rest = list.length - Math.min(errors.length, shownProblems)
  if (rest > 0) {
    stderr.write(`${rest} more problems with the rules: tocsin check shows them.\n`)
  }
}
