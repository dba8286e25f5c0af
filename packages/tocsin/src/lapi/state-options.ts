import { type Config, defaultStateDirectory, loadConfig } from '@tocsin/config'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { type Command, Option } from 'commander'
import { CommandError, type Streams } from '../terminal/streams.ts'

/** Where the configuration is, for every command that needs one. */
export interface StateOptions {
  readonly config?: string
  readonly stateDir?: string
}

/** Adds `-c` and `--state-dir`. */
export function addStateOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config.yaml; without one everything has its default')
    .addOption(
      new Option('--state-dir <dir>', 'where everything is kept, when the file does not say'),
    )
}

/** Loads the configuration; warnings go to stderr. @throws {CommandError} When it has errors. */
export function openConfig(options: StateOptions, streams: Streams): Config {
  const problems = new Problems()
  const workingDirectory = process.cwd()
  const user = {
    isRoot: process.getuid?.() === 0,
    variables: streams.env,
    workingDirectory,
  }
  const stateDirectory = options.stateDir ?? defaultStateDirectory(user)
  const origin = { variables: streams.env, stateDirectory, workingDirectory }
  const config = loadConfig(options.config, origin, problems)
  const shown = problems.list.map(formatProblem).join('\n')
  if (!config || problems.errorCount > 0) throw new CommandError(shown)
  if (shown !== '') streams.stderr.write(`${shown}\n`)
  return config
}
