import { FileSource, type Source } from '@tocsin/acquisition'
import type { Config } from '@tocsin/config'
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
  _config: Config,
  { watch = [] }: WatchOptions,
  log: Log,
): Promise<ChosenSources> {
  return { sources: watch.map((text) => watchedFile(text, log)), notes: [] }
}

function watchedFile(text: string, log: Log): Source {
  const colon = text.lastIndexOf(':')
  const path = text.slice(0, colon)
  const type = text.slice(colon + 1)
  if (colon < 1 || type === '' || !path.startsWith('/')) {
    throw new CommandError(
      `--watch ${text}: name an absolute path and a type: /var/log/auth.log:syslog`,
      2,
    )
  }
  return new FileSource({
    filenames: [path],
    labels: Object.assign(createTextDict(), { type }),
    clock: systemClock,
    log,
    onVerdict: ({ source, now, reason }) =>
      log.info({ source, verdict: now, reason }, 'source changed'),
  })
}
