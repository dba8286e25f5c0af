import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type RunOptions, run } from './run.ts'
import { SupervisedProcess } from './supervised-process.ts'

/**
 * A network of its own (nothing but a loopback that is up), a folder of its own, and the programs
 * started in them. All of it goes when the sandbox is closed; the host's firewall is never touched.
 */
export class Sandbox implements AsyncDisposable {
  readonly folder: string
  readonly #namespace: string
  readonly #processes: SupervisedProcess[] = []

  constructor(namespace: string, folder: string) {
    this.#namespace = namespace
    this.folder = folder
  }

  static async create(name: string): Promise<Sandbox> {
    const folder = await mkdtemp(join(tmpdir(), `tocsin-${name}-`))
    const namespace = folder.slice(tmpdir().length + 1)
    await run('ip', ['netns', 'add', namespace])
    await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'])
    return new Sandbox(namespace, folder)
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  /** Writes a file below the folder and gives its path. */
  async write(name: string, text: string): Promise<string> {
    const path = this.path(name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    return path
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

  async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#processes.reverse()) await started.stop()
    await run('ip', ['netns', 'del', this.#namespace])
    await rm(this.folder, { recursive: true, force: true })
  }
}
