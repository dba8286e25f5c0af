import {
  discoverSources,
  FileSource,
  type FoundService,
  JournalSource,
  loadAcquisition,
  type Source,
  thisMachine,
  type VerdictChange,
} from '@tocsin/acquisition'
import type { Config } from '@tocsin/config'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { eventEnvironment, type Functions } from '@tocsin/helpers'
import { createTextDict, systemClock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { CommandError } from '../terminal/streams.ts'

/** Which logs a command line names. */
export interface WatchOptions {
  readonly watch?: readonly string[]
}

/** What is watched, and sentences about what is not. */
export interface ChosenSources {
  readonly sources: readonly Source[]
  readonly notes: readonly string[]
}

/** The sources of a daemon: those named, else those configured, else those found on this machine. */
export async function chooseSources(
  config: Config,
  { watch = [] }: WatchOptions,
  functions: Functions,
  log: Log,
): Promise<ChosenSources> {
  if (watch.length > 0) return { sources: watch.map((text) => watchedFile(text, log)), notes: [] }
  return configuredSources(config, functions, log) ?? foundSources(log)
}

function tools(log: Log) {
  const onVerdict = ({ source, now, reason }: VerdictChange) =>
    log.info({ source, verdict: now, reason }, 'source changed')
  return { clock: systemClock, log, onVerdict }
}

function watchedFile(text: string, log: Log): Source {
  const colon = text.lastIndexOf(':')
  const path = text.slice(0, colon)
  const type = text.slice(colon + 1)
  if (colon < 1 || type === '' || !path.startsWith('/')) {
    const example = '/var/log/auth.log:syslog'
    throw new CommandError(`--watch ${text}: name an absolute path and a type: ${example}`, 2)
  }
  return fileSource([path], type, log)
}

function fileSource(filenames: readonly string[], type: string, log: Log): Source {
  return new FileSource({ filenames, labels: labelsOf(type), ...tools(log) })
}

function labelsOf(type: string) {
  return Object.assign(createTextDict(), { type })
}

/** Undefined when there is no acquisition file. @throws {CommandError} When one has errors. */
function configuredSources(
  { agent, file }: Config,
  functions: Functions,
  log: Log,
): ChosenSources | undefined {
  if (file === undefined || !agent) return undefined
  const problems = new Problems()
  const { sources, files } = loadAcquisition(
    {
      path: agent.acquisitionPath,
      directory: agent.acquisitionDir,
      environment: eventEnvironment(functions),
      workingDirectory: process.cwd(),
    },
    problems,
  )
  if (problems.errorCount > 0) {
    throw new CommandError(problems.list.map(formatProblem).join('\n\n'))
  }
  if (files.length === 0) return undefined
  return { sources: sources.map((source) => source.create(tools(log))), notes: [] }
}

async function foundSources(log: Log): Promise<ChosenSources> {
  const { sources, services } = await discoverSources(thisMachine)
  const titles = (state: FoundService['state']) =>
    services.filter((service) => service.state === state).map(({ title }) => title)
  const notes = [
    ['may not be read by this user', titles('denied')],
    ['installed, but it logs where we did not look', titles('silent')],
  ] as const
  return {
    sources: sources.map(({ module, type, filters }) =>
      module === 'file'
        ? fileSource(filters, type, log)
        : new JournalSource({ filters, labels: labelsOf(type), ...tools(log) }),
    ),
    notes: notes.flatMap(([what, names]) =>
      names.length === 0 ? [] : [`${what}: ${names.join(', ')}`],
    ),
  }
}
