import { existsSync, readFileSync } from 'node:fs'
import type { Config } from '@tocsin/config'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { createFunctions, profileEnvironment } from '@tocsin/helpers'
import type { DecisionHistory } from '@tocsin/lapi'
import type { Clock } from '@tocsin/model'
import { defaultProfiles, type Profile, readProfiles } from '@tocsin/profile'
import type { Log } from '@tocsin/telemetry'
import { CommandError, type Streams } from '../terminal/streams.ts'

interface ProfileNeeds {
  /** Without it, nothing was ever decided. */
  readonly decisions?: DecisionHistory
  readonly clock: Clock
  readonly log: Log
}

/** The profiles a configuration names, or those that come with Tocsin. @throws {CommandError} */
export function loadProfiles(config: Config, needs: ProfileNeeds, streams: Streams): Profile[] {
  const problems = new Problems()
  const environment = profileEnvironment(createFunctions(needs), needs.clock)
  const path = config.server?.profilesPath
  const profiles =
    path === undefined
      ? defaultProfiles(environment, problems)
      : readProfiles(readSource(path), environment, problems, readOverlay(`${path}.local`))
  const shown = problems.list.map(formatProblem).join('\n')
  if (problems.errorCount > 0) throw new CommandError(shown)
  if (shown !== '') streams.stderr.write(`${shown}\n`)
  return profiles
}

function readSource(path: string): SourceText {
  try {
    return new SourceText(path, readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`cannot read profiles: ${reason}`)
  }
}

function readOverlay(path: string): SourceText | undefined {
  return existsSync(path) ? readSource(path) : undefined
}
