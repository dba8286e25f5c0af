import { CommandError, type Streams } from './terminal/streams.ts'
import { readVersion } from './version.ts'

/** Runs one command line; the exit status. Never throws for what a user can cause. */
export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  // Answered before anything is loaded: scripts ask this often.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    streams.stdout.write(`tocsin ${readVersion()}\n`)
    return 0
  }
  const { createProgram } = await import('./program.ts')
  const { CommanderError } = await import('commander')
  try {
    // Until there is a daemon, no arguments show what it would do, on a sample.
    const given = args.length === 0 ? ['replay', '--sample'] : args
    const program = await createProgram(streams, given)
    await program.parseAsync([...given], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    if (error instanceof CommandError) {
      if (error.message !== '') streams.stderr.write(`${error.message}\n`)
      return error.exitCode
    }
    streams.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return 70
  }
}
