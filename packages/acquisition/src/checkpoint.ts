import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Log, silentLog } from '@tocsin/telemetry'
import { errnoOf } from './errno.ts'
import { rest } from './rest.ts'
import type { Source } from './source.ts'

const version = 1

/**
 * Positions of sources, and what belongs to them, in one file that is replaced as a whole: a process
 * that is killed finds it as it was last saved, never half of it.
 *
 * What follows for lines: a sink whose effects are all in `state` sees every line exactly once, for
 * effects and positions are saved together. Effects elsewhere (an alert sent) may come twice for the
 * lines acknowledged since the last save; they are never missing. An orderly end saves last, and
 * then nothing comes twice.
 */
export class Checkpoint {
  /** The state saved with the positions; undefined when there is none. */
  readonly state: unknown
  readonly #path: string
  readonly #positions: Readonly<Record<string, unknown>>
  #savedText = ''
  #saving: Promise<void> = Promise.resolve()

  private constructor(path: string, positions: Readonly<Record<string, unknown>>, state: unknown) {
    this.#path = path
    this.#positions = positions
    this.state = state
  }

  /** Reads the file; one that is damaged is set aside and logged, for it must not stop the engine. */
  static async open(path: string, log: Log = silentLog): Promise<Checkpoint> {
    const text = await readText(path)
    if (text === undefined) return new Checkpoint(path, {}, undefined)
    const data = readCheckpoint(text)
    if (data) return new Checkpoint(path, data.positions, data.state)
    const aside = `${path}.damaged`
    await rename(path, aside)
    log.warn(
      { path, aside },
      'saved positions are damaged, reading goes on as if for the first time',
    )
    return new Checkpoint(path, {}, undefined)
  }

  /** Where a source goes on. */
  positionOf(source: Source): unknown {
    return this.#positions[source.name]
  }

  /**
   * Saves positions and state as they are in this tick; nothing is written when nothing moved.
   * @throws When the file cannot be written.
   */
  async save(sources: readonly Source[], state?: unknown): Promise<void> {
    const positions: Record<string, unknown> = {}
    for (const source of sources) positions[source.name] = source.position()
    const text = JSON.stringify({ version, positions, state })
    // One after the other: a later save must not be overtaken by an earlier one.
    const saving = this.#saving.then(() => this.#write(text))
    this.#saving = saving.catch(() => {
      // Whoever asked for this save is told; the next one tries again.
    })
    await saving
  }

  /** Saves every so often until the signal fires; a save that fails is logged and tried again. */
  async keep(
    sources: readonly Source[],
    takeState: () => unknown,
    options: { readonly everyMs: number; readonly signal: AbortSignal; readonly log?: Log },
  ): Promise<void> {
    const { everyMs, signal, log = silentLog } = options
    while (!signal.aborted) {
      await rest(everyMs, signal)
      try {
        await this.save(sources, takeState())
      } catch (cause) {
        if (errnoOf(cause) === undefined) throw cause
        log.error({ path: this.#path, reason: String(cause) }, 'positions cannot be saved')
      }
    }
  }

  async #write(text: string): Promise<void> {
    if (text === this.#savedText) return
    const next = `${this.#path}.new`
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const file = await open(next, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.datasync()
    } finally {
      await file.close()
    }
    await rename(next, this.#path)
    this.#savedText = text
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

interface CheckpointData {
  readonly positions: Readonly<Record<string, unknown>>
  readonly state: unknown
}

function readCheckpoint(text: string): CheckpointData | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return isCheckpointData(data) ? data : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function isCheckpointData(data: unknown): data is CheckpointData {
  if (typeof data !== 'object' || data === null) return false
  if (!('version' in data) || data.version !== version || !('positions' in data)) return false
  return typeof data.positions === 'object' && data.positions !== null
}
