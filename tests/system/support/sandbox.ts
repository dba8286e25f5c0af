import { basename } from 'node:path'
import { type RunOptions, run } from './run.ts'
import { SupervisedProcess } from './supervised-process.ts'
import { TemporaryFolder } from './temporary-folder.ts'

/**
 * A network of its own (nothing but a loopback that is up), a folder of its own, and the programs
 * started in them. All of it goes when the sandbox is closed; the host's firewall is never touched.
 */
export class Sandbox extends TemporaryFolder {
  readonly #namespace: string
  readonly #processes: SupervisedProcess[] = []

  constructor(folder: string) {
    super(folder)
    this.#namespace = basename(folder)
  }

  static override async create(name: string): Promise<Sandbox> {
    const sandbox = new Sandbox(await TemporaryFolder.make(name))
    await run('ip', ['netns', 'add', sandbox.#namespace])
    await run('ip', ['-n', sandbox.#namespace, 'link', 'set', 'lo', 'up'])
    return sandbox
  }

  /** Runs a command to its end inside the network. */
  run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    return run('ip', ['netns', 'exec', this.#namespace, command, ...args], {
      cwd: this.folder,
      ...options,
    })
  }

  /** Starts a program inside the network; it ends with the sandbox at the latest. */
  start(
    name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): SupervisedProcess {
    const inside = ['netns', 'exec', this.#namespace, command, ...args]
    const started = new SupervisedProcess(name, 'ip', inside, env)
    this.#processes.push(started)
    return started
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#processes.reverse()) await started.stop()
    await run('ip', ['netns', 'del', this.#namespace])
    await super[Symbol.asyncDispose]()
  }
}
