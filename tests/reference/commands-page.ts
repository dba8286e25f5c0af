import { PassThrough, Readable } from 'node:stream'
import { createProgram } from '../../packages/tocsin/src/program.ts'

type Command = Awaited<ReturnType<typeof createProgram>>

const width = 100

/** `docs/reference/commands.md`: the help of every command. */
export async function commandsPage(): Promise<string> {
  const streams = {
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
  }
  const program = await createProgram(streams, ['--help'])
  const commands = [...program.commands].flatMap((command) => [command, ...below(command)])
  return `# Commands

Generated from the declarations: \`node tests/reference/main.ts\` writes this page. Every command prints the
same with \`--help\`; results go to standard output, talk to standard error, and the exit status is 0 only
when all that was asked is done.

${[program, ...commands].map(section).join('\n')}`
}

function below(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...below(child)])
}

function section(command: Command): string {
  const help = command
    .configureHelp({ ...command.configureHelp(), helpWidth: width })
    .helpInformation()
  return `## ${pathOf(command)}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}
