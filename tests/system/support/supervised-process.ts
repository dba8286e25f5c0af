import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { waitFor } from './wait-for.ts'

const maxKeptCharacters = 200_000

/** A program that runs beside the test, ended with it; what it says is kept. */
export class SupervisedProcess implements AsyncDisposable {
  readonly name: string
  readonly #child: ChildProcess
  #output = ''

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.name = name
    this.#child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-maxKeptCharacters)
      })
    }
    this.#child.on('error', (error) => {
      this.#output += String(error)
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get output(): string {
    return this.#output
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Waits until `ask` has an answer; fails at once when the program ends, and shows what it said. */
  async ready<T>(
    what: string,
    ask: () => Promise<T | undefined | false> | T | undefined | false,
    timeoutMs = 20_000,
  ): Promise<T> {
    try {
      const answer = await waitFor<{ readonly value: T } | 'ended'>(
        what,
        async () => {
          if (this.hasEnded) return 'ended'
          const value = await ask()
          return value === undefined || value === false ? undefined : { value }
        },
        timeoutMs,
      )
      if (answer === 'ended') throw new Error(`${this.name} ended while we waited for ${what}`)
      return answer.value
    } catch (cause) {
      throw new Error(`${this.name}: ${what}\n${this.#output.slice(-8_000)}`, { cause })
    }
  }

  /** Asks it to end, and makes it end after `graceMs`. Gives its exit code, null after a signal. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 5_000): Promise<number | null> {
    if (!this.hasEnded) {
      const ended = once(this.#child, 'exit')
      this.#child.kill(signal)
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    }
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
