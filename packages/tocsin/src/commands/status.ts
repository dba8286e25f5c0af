import { Command, Option } from 'commander'
import { askDaemon, NotRunningError } from '../daemon/control-client.ts'
import { controlSocket } from '../daemon/daemon.ts'
import type { DaemonStatus } from '../daemon/status.ts'
import { formatStatus } from '../daemon/status-text.ts'
import { addStateOptions, openConfig, type StateOptions } from '../lapi/state-options.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { createStyle } from '../terminal/style.ts'

interface StatusOptions extends StateOptions {
  readonly output: 'human' | 'json'
}

/** `tocsin status` */
export function statusCommand(streams: Streams): Command {
  const command = new Command('status')
    .description('what the running daemon watches, what it found, whether anything enforces it')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['human', 'json'])
        .default('human'),
    )
  return addStateOptions(command).action(async (options: StatusOptions) => {
    const status = (await ask(options, 'GET', '/status', streams)) as DaemonStatus
    const text =
      options.output === 'json'
        ? `${JSON.stringify(status, undefined, 2)}\n`
        : formatStatus(status, Date.now(), createStyle(streams.stdout, streams.env))
    await writeText(streams.stdout, text)
  })
}

/** `tocsin reload` */
export function reloadCommand(streams: Streams): Command {
  const command = new Command('reload').description(
    'let the running daemon read its rules again; the old ones stay when the new ones have errors',
  )
  return addStateOptions(command).action(async (options: StateOptions) => {
    const { reloaded } = (await ask(options, 'POST', '/reload', streams)) as { reloaded: boolean }
    if (!reloaded)
      throw new CommandError('the new rules have errors, the old ones stay: tocsin check')
    await writeText(streams.stdout, 'reloaded\n')
  })
}

/** Asks the daemon of a configuration. @throws {CommandError} When it does not run. */
export async function ask(
  options: StateOptions,
  method: 'GET' | 'POST',
  path: string,
  streams: Streams,
): Promise<unknown> {
  const socket = controlSocket(openConfig(options, streams).paths.dataDir)
  try {
    return await askDaemon(socket, method, path)
  } catch (error) {
    if (error instanceof NotRunningError) {
      throw new CommandError(`tocsin does not run here (${socket}): start it with tocsin run`)
    }
    throw new CommandError(error instanceof Error ? error.message : String(error))
  }
}
