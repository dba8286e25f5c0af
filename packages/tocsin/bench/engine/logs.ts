import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Where workloads come from and go to. */
export interface Logs {
  readonly web: string
  readonly ssh: string
  /** The lines of `ssh` that no parser takes, as many as the others have. */
  readonly unwanted: string
}

export interface LogSettings {
  /** The folder with `bench/generate.mjs`. */
  readonly shared: string
  readonly directory: string
  readonly lines: number
  /** Lines in a second of the log's own time. */
  readonly rate: number
  readonly seed: number
}

/** Makes the logs, the same for the same settings; those that are there already are kept. */
export async function makeLogs(settings: LogSettings): Promise<Logs> {
  const { directory, lines, rate, seed } = settings
  const name = (mode: string) => join(directory, `${mode}-${lines}-${rate}-${seed}.log`)
  const logs = { web: name('web'), ssh: name('ssh'), unwanted: name('unwanted') }
  generate('web', lines, logs.web, settings)
  generate('ssh', lines, logs.ssh, settings)
  if (!existsSync(logs.unwanted)) {
    // A quarter of the lines of `ssh` is of other programs.
    const source = name('ssh-long')
    generate('ssh', 5 * lines, source, settings)
    await keepLines(source, logs.unwanted, lines, (line) => !line.includes(' sshd['))
  }
  return logs
}

function generate(mode: string, lines: number, path: string, settings: LogSettings): void {
  if (existsSync(path)) return
  const { shared, directory, rate, seed } = settings
  const options = { lines, seed, rate, out: directory }
  const args = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)])
  const script = join(shared, 'bench/generate.mjs')
  execFileSync(process.execPath, [script, mode, ...args], { stdio: 'ignore' })
  renameSync(join(directory, `${mode}.log`), path)
}

async function keepLines(
  from: string,
  to: string,
  count: number,
  isKept: (line: string) => boolean,
): Promise<void> {
  const output = createWriteStream(`${to}.part`)
  let kept = 0
  for await (const line of createInterface({ input: createReadStream(from) })) {
    if (!isKept(line)) continue
    if (!output.write(`${line}\n`)) await once(output, 'drain')
    if (++kept === count) break
  }
  output.end()
  await once(output, 'finish')
  renameSync(`${to}.part`, to)
}
