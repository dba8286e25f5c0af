import { Command } from 'commander'
import type { Streams } from './terminal/streams.ts'
import { readVersion } from './version.ts'

type CreateCommand = (streams: Streams) => Command

/** Every command, in the order of the help; one is loaded only when it is asked for. */
const commands: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  why: async () => (await import('./commands/why.ts')).whyCommand,
  reload: async () => (await import('./commands/status.ts')).reloadCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  hubtest: async () => (await import('./commands/hubtest.ts')).hubtestCommand,
  lapi: async () => (await import('./commands/lapi.ts')).lapiCommand,
  machines: async () => (await import('./commands/machines.ts')).machinesCommand,
  bouncers: async () => (await import('./commands/bouncers.ts')).bouncersCommand,
  bouncer: async () => (await import('./commands/bouncer.ts')).bouncerCommand,
  decisions: async () => (await import('./commands/decisions.ts')).decisionsCommand,
  alerts: async () => (await import('./commands/alerts.ts')).alertsCommand,
  allowlists: async () => (await import('./commands/allowlists.ts')).allowlistsCommand,
  notifications: async () => (await import('./commands/notifications.ts')).notificationsCommand,
}

/**
 * The program with the command that the words ask for; with all of them when they ask for help, or
 * for a command there is none of.
 */
export async function createProgram(streams: Streams, words: readonly string[]): Promise<Command> {
  const program = new Command('tocsin')
  program
    .description('Reads logs, recognises attacks, and decides what to do about them.')
    .version(`tocsin ${readVersion()}`)
    .usage('<command> [options]')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .addHelpText(
      'after',
      `
Examples:
  tocsin run                                   watch this machine's logs and decide
  tocsin why 192.0.2.7                         why an address is banned, or is not
  tocsin replay /var/log/auth.log              who attacked, and what would be decided
  tocsin explain --type nginx access.log       what every rule made of every line
  tocsin check rules/                          whether rules are right`,
    )
  const [word = ''] = words
  const names = Object.hasOwn(commands, word) ? [word] : Object.keys(commands)
  for (const name of names) {
    const create = await commands[name]?.()
    if (create) program.addCommand(inherit(create(streams), program))
  }
  return program
}

/** Gives a command and those below it the settings of the program. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const child of command.commands) inherit(child, command)
  return command
}
