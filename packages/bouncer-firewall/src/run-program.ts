import { spawn } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EnforcerError } from '@tocsin/bouncer'

/** What a program said and how it ended. */
export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program with these arguments and this standard input, without any shell. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  input?: Iterable<string>,
) => Promise<Ran>

export interface ProgramRunnerOptions {
  /** Put before every program: `['ip', 'netns', 'exec', 'lab']`. */
  readonly prefix?: readonly string[]
  /** After this a program is ended; 5 min when absent. */
  readonly timeoutMs?: number
}

const mostErrorText = 4_096

/** A runner of the programs of this machine. */
export function createProgramRunner(options: ProgramRunnerOptions = {}): RunProgram {
  const { prefix = [], timeoutMs = 300_000 } = options
  return async (program, args, input) => {
    const [command = program, ...rest] = [...prefix, program, ...args]
    const stdin = input === undefined ? undefined : await openInput(input)
    try {
      return await run(command, rest, stdin?.fd, timeoutMs)
    } finally {
      await stdin?.close()
    }
  }
}

/**
 * A file without a name that holds the input. Not a pipe, because Node's are sockets, and nft opens
 * /dev/stdin by name, which a socket refuses.
 */
async function openInput(input: Iterable<string>) {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-'))
  try {
    const path = join(folder, 'input')
    const written = await open(path, 'wx', 0o600)
    try {
      for (const part of input) await written.write(part)
    } finally {
      await written.close()
    }
    return await open(path, 'r')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(
  command: string,
  args: readonly string[],
  stdin: number | undefined,
  timeoutMs: number,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: [stdin ?? 'ignore', 'pipe', 'pipe'],
      // What programs print must not depend on the language of who started us.
      env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const stdout: Buffer[] = []
    let stderr = ''
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < mostErrorText) stderr += chunk.toString()
    })
    child.on('error', (cause) => {
      const message = `cannot run ${command}: ${cause.message}`
      reject(new EnforcerError('TOC_BOUNCER_UNAVAILABLE', message, { cause }))
    })
    child.on('close', (code) => {
      resolve({
        status: code ?? -1,
        stdout: Buffer.concat(stdout).toString('latin1'),
        stderr: stderr.slice(0, mostErrorText),
      })
    })
  })
}
