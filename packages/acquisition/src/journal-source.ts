import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Clock, TextDict } from '@tocsin/model'
import { type Log, silentLog } from '@tocsin/telemetry'
import type { SourceKind } from './config/source-kind.ts'
import { deliver } from './deliver.ts'
import { errnoOf, troubleOf } from './errno.ts'
import { SourceHealth, type VerdictChange } from './health/source-health.ts'
import type { Trouble } from './health/stream-health.ts'
import { readJournalEntry } from './journal-entry.ts'
import { refuseJournalArgument } from './journal-filter.ts'
import { LineSplitter } from './line-splitter.ts'
import { rest } from './rest.ts'
import type { LineOrigin, Sink, Source } from './source.ts'
import type { Transform } from './transform.ts'

export interface JournalSourceOptions {
  readonly name?: string
  /** Arguments that choose entries: `_SYSTEMD_UNIT=ssh.service`. */
  readonly filters: readonly string[]
  readonly mode?: 'tail' | 'cat'
  readonly labels: TextDict
  readonly clock: Clock
  readonly log?: Log
  readonly transform?: Transform | undefined
  readonly onVerdict?: (change: VerdictChange) => void
  /** The program and its first arguments; `journalctl`. */
  readonly command?: readonly [string, ...string[]]
  /** The wait before the first restart; it doubles up to 32 times that. */
  readonly restartMs?: number
}

/** `source: journalctl` */
export const journalKind: SourceKind = {
  module: 'journalctl',
  read: ({ reader, mode, problems }) => {
    const texts = reader.spannedTextList('journalctl_filter') ?? []
    if (texts.length === 0) {
      const hint = 'name a unit: ["_SYSTEMD_UNIT=ssh.service"]'
      const message = 'journalctl_filter is required'
      problems.error(reader.span('journalctl_filter'), 'TOC_ACQUIS_JOURNAL', message, hint)
    }
    for (const { text, span } of texts) {
      const reason = refuseJournalArgument(text)
      if (reason !== undefined) problems.error(span, 'TOC_ACQUIS_JOURNAL_OPTION', reason)
    }
    const filters = texts.map(({ text }) => text)
    return {
      subject: filters.join(' '),
      create: (parts) => new JournalSource({ ...parts, filters, mode }),
    }
  },
}

interface Position {
  readonly cursor: string
}

/** JSON of an entry may be several times as long as its message. */
const maxEntryBytes = 4 * 1024 * 1024
const defaultRestartMs = 1000
/** A program that cannot do what it should says so, or ends, by then. */
const settleMs = 2000
const mostRestartDoublings = 5

/**
 * Follows the journal of systemd through `journalctl`, without a shell. The cursor of the last
 * acknowledged entry is its position, so nothing is lost while neither of them runs.
 */
export class JournalSource implements Source {
  readonly module = 'journalctl'
  readonly name: string
  readonly labels: TextDict
  readonly health: SourceHealth
  readonly #options: JournalSourceOptions
  readonly #log: Log
  readonly #origin: LineOrigin
  #cursor: string | undefined
  /** What the program said last about what it cannot do. */
  #complaint = ''

  constructor(options: JournalSourceOptions) {
    this.#options = options
    this.#log = options.log ?? silentLog
    this.name = options.name ?? `journalctl:${options.filters.join(' ')}`
    this.labels = options.labels
    const { clock, onVerdict } = options
    this.health = new SourceHealth(this.name, { clock, ...(onVerdict && { onChange: onVerdict }) })
    const name = `journalctl-${options.filters.join('.')}`
    this.#origin = { name, module: this.module, labels: this.labels }
  }

  position(): Position | undefined {
    return this.#cursor === undefined ? undefined : { cursor: this.#cursor }
  }

  async start(sink: Sink, signal: AbortSignal, resume?: unknown): Promise<void> {
    const { clock, mode, restartMs = defaultRestartMs } = this.#options
    this.#cursor = readPosition(resume)
    const startedSeconds = Math.floor(clock.nowMs() / 1000)
    let since: string[] = mode === 'cat' ? [] : ['--lines=0']
    let doublings = 0
    while (!signal.aborted) {
      const place =
        this.#cursor === undefined ? since : ['--no-tail', `--after-cursor=${this.#cursor}`]
      const hadLines = await this.#run(place, sink, signal)
      if (mode === 'cat' || signal.aborted) return
      doublings = hadLines ? 0 : Math.min(doublings + 1, mostRestartDoublings)
      const waitMs = restartMs * 2 ** doublings
      const fields = { source: this.name, reason: this.#complaint, waitMs }
      this.#log.warn(fields, 'journalctl ended, it is started again')
      await rest(waitMs, signal)
      // What came while it was down is wanted, too.
      since = ['--no-tail', `--since=@${startedSeconds}`]
    }
  }

  /** Runs the program once; true when it gave lines. */
  async #run(place: readonly string[], sink: Sink, signal: AbortSignal): Promise<boolean> {
    const { command = ['journalctl'], filters, mode } = this.#options
    const [program, ...first] = command
    const follow = mode === 'cat' ? [] : ['--follow']
    const form = ['--output=json', '--all', '--no-pager']
    const child = spawn(program, [...first, ...form, ...follow, ...place, ...filters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const stop = () => child.kill()
    signal.addEventListener('abort', stop)
    this.#complaint = ''
    const ended = this.#watchEnd(child, signal)
    const settled = setTimeout(() => {
      // It runs and has nothing to say against it: whatever was wrong is over.
      if (this.#complaint === '') this.health.failAll(undefined)
    }, settleMs)
    try {
      return await this.#readEntries(child.stdout, sink, signal)
    } finally {
      clearTimeout(settled)
      child.kill()
      await ended
      signal.removeEventListener('abort', stop)
    }
  }

  async #readEntries(stdout: Readable, sink: Sink, signal: AbortSignal): Promise<boolean> {
    const { clock, transform } = this.#options
    const tools = { clock, health: this.health, transform }
    const splitter = new LineSplitter(maxEntryBytes)
    let hadLines = false
    for await (const chunk of stdout) {
      const lines: string[] = []
      let cursor = this.#cursor
      let truncatedCount = 0
      splitter.push(chunk as Buffer, (json) => {
        const entry = readJournalEntry(json)
        if (!entry) {
          truncatedCount++
          return
        }
        cursor = entry.cursor
        if (entry.isTruncated) truncatedCount++
        if (entry.line !== '') lines.push(entry.line)
      })
      if (signal.aborted) break
      if (lines.length > 0) hadLines = true
      const byteCount = (chunk as Buffer).length
      const delivery = { origin: this.#origin, lines, byteCount, truncatedCount }
      await deliver(delivery, sink, tools, () => {
        this.#cursor = cursor
      })
    }
    return hadLines
  }

  /** Tells verdicts from what the program says and how it ends. */
  #watchEnd(
    child: ChildProcessByStdio<null, Readable, Readable>,
    signal: AbortSignal,
  ): Promise<void> {
    const splitter = new LineSplitter()
    child.stderr.on('data', (chunk: Buffer) => splitter.push(chunk, (line) => this.#hear(line)))
    return new Promise((resolve) => {
      let spawnFailure: Error | undefined
      child.on('error', (error) => {
        spawnFailure = error
        if (child.pid === undefined) resolve()
      })
      child.on('close', () => resolve())
      child.on('exit', (code) => {
        if (signal.aborted || !code) return
        this.health.failAll({ ...this.#judge(), message: this.#describeExit(code) })
      })
      child.on('error', () => {
        if (child.pid !== undefined) return
        const isMissing = errnoOf(spawnFailure) === 'ENOENT'
        const message = isMissing
          ? 'journalctl is not installed'
          : `journalctl cannot be started: ${spawnFailure?.message}`
        this.#complaint = message
        this.health.failAll({ kind: troubleOf(spawnFailure), message })
      })
    })
  }

  #hear(line: string): void {
    this.#complaint = line
    this.#log.warn({ source: this.name, said: line }, 'journalctl says')
    // It reads what is this user's own and leaves out the rest: that is no success.
    if (isAboutPermission(line)) {
      this.health.failAll({ kind: 'permission-denied', message: `journalctl: ${line}` })
    }
  }

  #judge(): Pick<Trouble, 'kind'> {
    if (isAboutPermission(this.#complaint)) return { kind: 'permission-denied' }
    return { kind: /no journal files/i.test(this.#complaint) ? 'missing' : 'unreadable' }
  }

  #describeExit(code: number): string {
    const said = this.#complaint === '' ? '' : `: ${this.#complaint}`
    return `journalctl ended with status ${code}${said}`
  }
}

function isAboutPermission(line: string): boolean {
  return /insufficient permissions|permission denied|not seeing messages from other users/i.test(
    line,
  )
}

/** Reads a position that was saved; a cursor with odd characters is none. */
function readPosition(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('cursor' in data)) return undefined
  const { cursor } = data
  return typeof cursor === 'string' && /^[\w=;-]+$/.test(cursor) ? cursor : undefined
}
