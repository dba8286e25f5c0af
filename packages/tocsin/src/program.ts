import { Command } from 'commander'
import { alertsCommand } from './commands/alerts.ts'
import { allowlistsCommand } from './commands/allowlists.ts'
import { bouncerCommand } from './commands/bouncer.ts'
import { bouncersCommand } from './commands/bouncers.ts'
import { checkCommand } from './commands/check.ts'
import { decisionsCommand } from './commands/decisions.ts'
import { explainCommand } from './commands/explain.ts'
import { hubtestCommand } from './commands/hubtest.ts'
import { lapiCommand } from './commands/lapi.ts'
import { machinesCommand } from './commands/machines.ts'
import { notificationsCommand } from './commands/notifications.ts'
import { replayCommand } from './commands/replay.ts'
import { runCommand } from './commands/run.ts'
import { reloadCommand, statusCommand } from './commands/status.ts'
import { whyCommand } from './commands/why.ts'
import type { Streams } from './terminal/streams.ts'
import { readVersion } from './version.ts'

/** Every command; parsing, help and errors come from these declarations. */
export function createProgram(streams: Streams): Command {
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
  tocsin replay /var/log/auth.log              who attacked, and what would be decided
  tocsin explain --type nginx access.log       what every rule made of every line
  tocsin check rules/                          whether rules are right
  tocsin hubtest run --all --hub rules         the tests of a hub`,
    )
  for (const create of [
    runCommand,
    statusCommand,
    whyCommand,
    reloadCommand,
    replayCommand,
    explainCommand,
    checkCommand,
    hubtestCommand,
    lapiCommand,
    machinesCommand,
    bouncersCommand,
    bouncerCommand,
    decisionsCommand,
    alertsCommand,
    allowlistsCommand,
    notificationsCommand,
  ]) {
    program.addCommand(inherit(create(streams), program))
  }
  return program
}

/** Gives a command and those below it the settings of the program. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const child of command.commands) inherit(child, command)
  return command
}
