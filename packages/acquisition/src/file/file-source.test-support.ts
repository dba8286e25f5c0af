import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTextDict, systemClock } from '@tocsin/model'
import type { VerdictChange } from '../health/source-health.ts'
import type { LineBatch, Sink } from '../source.ts'
import { FileSource, type FileSourceOptions } from './file-source.ts'

/** Waits as short as a test bears, notices or not. */
const shortTiming = {
  ...{ pollMs: 15, safetyPollMs: 60, partialWaitMs: 60_000, rotatedWaitMs: 60_000 },
  ...{ missingAfterMs: 50, breathMs: 1 },
}

/** A folder with logs, a source over it, and what it gave. */
export class FileRig implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'))
  readonly lines: string[] = []
  readonly batches: LineBatch[] = []
  readonly changes: VerdictChange[] = []
  source: FileSource | undefined
  /** What the next source goes on from; through JSON, as between processes. */
  saved: unknown
  readonly #options: Partial<FileSourceOptions>
  #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(options: Partial<FileSourceOptions> = {}) {
    this.#options = options
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Starts a source over these names, going on where the last one ended. */
  start(...names: string[]): void {
    this.source = this.create(names)
    this.#stop = new AbortController()
    const sink: Sink = (batch) => {
      this.batches.push(batch)
      this.lines.push(...batch.lines)
      return { parsedCount: batch.lines.length }
    }
    this.#running = this.source.start(sink, this.#stop.signal, this.saved)
  }

  create(names: readonly string[]): FileSource {
    const labels = Object.assign(createTextDict(), { type: 'syslog' })
    return new FileSource({
      ...{ filenames: names.map((name) => this.path(name)), labels, clock: systemClock },
      onVerdict: (change) => this.changes.push(change),
      ...this.#options,
      timing: { ...shortTiming, ...this.#options.timing },
    })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    this.saved = JSON.parse(JSON.stringify(this.source?.position() ?? null))
  }

  /** Waits until something holds; fails with what is there when it does not come to hold. */
  async until(holds: () => boolean, what = 'it'): Promise<void> {
    for (const startedMs = Date.now(); !holds(); ) {
      if (Date.now() - startedMs > 4000) {
        assert.fail(`${what} did not come; there is ${JSON.stringify(this.lines.slice(-20))}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  /** Waits for exactly these lines, and a little longer for one too many. */
  async expect(...lines: string[]): Promise<void> {
    await this.until(() => this.lines.length >= lines.length, lines.at(-1))
    await new Promise((resolve) => setTimeout(resolve, 40))
    assert.deepEqual(this.lines, lines)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
    rmSync(this.folder, { recursive: true, force: true })
  }
}
