import type { Readable } from 'node:stream'
import type { Clock, TextDict } from '@tocsin/model'
import type { SourceKind } from './config/source-kind.ts'
import { deliver } from './deliver.ts'
import { SourceHealth, type VerdictChange } from './health/source-health.ts'
import { LineSplitter } from './line-splitter.ts'
import type { Sink, Source } from './source.ts'
import type { Transform } from './transform.ts'

export interface StdinSourceOptions {
  readonly name?: string
  readonly labels: TextDict
  readonly clock: Clock
  readonly stream: Readable
  readonly transform?: Transform | undefined
  readonly onVerdict?: (change: VerdictChange) => void
}

/** `source: stdin` */
export const stdinKind: SourceKind = {
  module: 'stdin',
  read: () => ({
    subject: 'stdin',
    create: (parts) => new StdinSource({ ...parts, stream: process.stdin }),
  }),
}

/** Reads what is piped in, to its end. It cannot go back: what was read and not saved is gone. */
export class StdinSource implements Source {
  readonly module = 'stdin'
  readonly name: string
  readonly labels: TextDict
  readonly health: SourceHealth
  readonly #options: StdinSourceOptions
  #failure: string | undefined

  constructor(options: StdinSourceOptions) {
    this.#options = options
    this.name = options.name ?? 'stdin:stdin'
    this.labels = options.labels
    const { clock, onVerdict } = options
    this.health = new SourceHealth(this.name, { clock, ...(onVerdict && { onChange: onVerdict }) })
  }

  position(): undefined {
    return undefined
  }

  async start(sink: Sink, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { clock, stream, transform } = this.#options
    const tools = { clock, health: this.health, transform }
    const origin = { name: 'stdin', module: this.module, labels: this.labels }
    const splitter = new LineSplitter()
    let lines: string[] = []
    const take = (line: string) => lines.push(line)
    const give = async (byteCount: number) => {
      const delivery = { origin, lines, byteCount, truncatedCount: splitter.truncatedCount }
      splitter.truncatedCount = 0
      lines = []
      await deliver(delivery, sink, tools, () => {})
    }
    for await (const chunk of this.#chunks(stream, signal)) {
      splitter.push(chunk, take)
      await give(chunk.length)
    }
    if (signal.aborted) return
    splitter.end(take)
    await give(0)
    // After the last line, which says that all is well.
    if (this.#failure !== undefined) {
      this.health.failAll({ kind: 'unreadable', message: this.#failure })
    }
  }

  /** Chunks until the end or the signal; a pipe that breaks is a verdict. */
  async *#chunks(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
    const stop = () => stream.destroy()
    signal.addEventListener('abort', stop)
    try {
      for await (const chunk of stream) {
        yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer)
        if (signal.aborted) return
      }
    } catch (cause) {
      if (signal.aborted) return
      this.#failure = `standard input cannot be read: ${cause instanceof Error ? cause.message : cause}`
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
