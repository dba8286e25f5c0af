import type { Config } from '@tocsin/config'
import { systemClock } from '@tocsin/model'
import type { Store } from '@tocsin/store'
import { type Command, Option } from 'commander'
import { addStateOptions, openConfig, type StateOptions } from '../lapi/state-options.ts'
import { openConfiguredStore } from '../lapi/store-settings.ts'
import { streamLog } from '../lapi/stream-log.ts'
import type { Streams } from '../terminal/streams.ts'

export type OutputFormat = 'human' | 'json' | 'raw'

/** The options every command on the database has. */
export interface AdminOptions extends StateOptions {
  readonly output?: OutputFormat
}

/** What a command on the database works with. */
export interface AdminContext {
  readonly store: Store
  readonly config: Config
  readonly streams: Streams
  readonly output: OutputFormat
  readonly nowMs: number
}

/** Adds the options every command on the database has. */
export function addAdminOptions(command: Command): Command {
  return addStateOptions(command).addOption(
    new Option('-o, --output <format>', 'how to print').choices(['human', 'json', 'raw']),
  )
}

/** Opens the database for one command; what it changed is durable when this resolves. */
export async function withStore(
  options: AdminOptions,
  streams: Streams,
  run: (context: AdminContext) => Promise<void>,
): Promise<void> {
  const config = openConfig(options, streams)
  const log = streamLog(streams.stderr, systemClock, { level: 'warn', format: 'text' })
  await using store = await openConfiguredStore(config, log)
  const output = options.output ?? config.cli.output
  await run({ store, config, streams, output, nowMs: systemClock.nowMs() })
}
