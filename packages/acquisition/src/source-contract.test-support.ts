import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { LineBatch, Sink, Source } from './source.ts'

/** What a test of a source must bring for the contract. */
export interface ContractRig extends AsyncDisposable {
  /** A source over the same world as the ones before it. */
  create(): Source
  /** Writes lines where the source reads them; they may need it to be running. */
  write(...lines: readonly string[]): Promise<void>
  /** Writes bytes as they are; absent where the world gives whole messages. */
  writeBytes?(bytes: Buffer): Promise<void>
  /** How a line looks when it arrives; as it was written when absent. */
  readonly arrives?: (line: string) => string
  /** Whether a source goes on where another one ended. */
  readonly resumes: boolean
  /** Whether the source ends by itself once all is read; `finish` then says that all is written. */
  readonly finish?: () => Promise<void>
}

class Run {
  readonly lines: string[] = []
  readonly batches: LineBatch[] = []
  readonly stop = new AbortController()
  mostAtOnce = 0
  readonly source: Source
  readonly ended: Promise<void>
  #atOnce = 0

  constructor(source: Source, resume?: unknown, sink?: Sink) {
    this.source = source
    this.ended = source.start(sink ?? ((batch) => this.take(batch)), this.stop.signal, resume)
  }

  take(batch: LineBatch) {
    this.batches.push(batch)
    this.lines.push(...batch.lines)
    return { parsedCount: batch.lines.length }
  }

  async takeSlowly(batch: LineBatch) {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce)
    await new Promise((resolve) => setTimeout(resolve, 3))
    this.#atOnce--
    return this.take(batch)
  }

  async has(count: number): Promise<void> {
    await until(
      () => this.lines.length >= count,
      () => JSON.stringify(this.lines.slice(-5)),
    )
  }

  async end(): Promise<unknown> {
    this.stop.abort()
    await this.ended
    return JSON.parse(JSON.stringify(this.source.position() ?? null)) ?? undefined
  }
}

async function until(holds: () => boolean, describe: () => string): Promise<void> {
  for (const startedMs = Date.now(); !holds(); ) {
    if (Date.now() - startedMs > 5000) assert.fail(`waited for too long; there is ${describe()}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `Jan  1 00:00:00 host prog[1]: message ${from + i}`)

/** What every source owes, whatever it reads; each source's test file calls it. */
export function sourceContract(name: string, open: () => Promise<ContractRig>): void {
  suite(`${name} keeps the contract of sources`, () => {
    test('lines arrive once, in their order, with module and labels', async () => {
      await using rig = await open()
      const { arrives = (line: string) => line } = rig
      const run = new Run(rig.create())
      await rig.write(...numbered(0, 500))
      await run.has(500)
      await run.end()
      assert.deepEqual(run.lines, numbered(0, 500).map(arrives))
      const [batch] = run.batches
      assert.equal(batch?.origin.module, run.source.module)
      assert.equal(batch?.origin.labels, run.source.labels)
      assert.notEqual(batch?.origin.name, '')
    })

    test('its name is the same every time', async () => {
      await using rig = await open()
      assert.equal(rig.create().name, rig.create().name)
    })

    test('a signal ends it, and nothing comes afterwards', async () => {
      await using rig = await open()
      const run = new Run(rig.create())
      await rig.write(...numbered(0, 5))
      await run.has(5)
      await run.end()
      const count = run.lines.length
      await rig.write(...numbered(5, 10)).catch(() => {
        // Nobody listens any more, which is the point.
      })
      await new Promise((resolve) => setTimeout(resolve, 30))
      assert.equal(run.lines.length, count)
    })

    test('a signal that fired before ends it at once', async () => {
      await using rig = await open()
      const stopped = AbortSignal.abort()
      await rig.create().start(() => ({ parsedCount: 0 }), stopped)
    })

    test('a slow sink has one batch at a time and loses nothing', async () => {
      await using rig = await open()
      const { arrives = (line: string) => line } = rig
      const run: Run = new Run(rig.create(), undefined, (batch) => run.takeSlowly(batch))
      for (let i = 0; i < 100; i += 10) await rig.write(...numbered(i, i + 10))
      await run.has(100)
      await run.end()
      assert.deepEqual(run.lines, numbered(0, 100).map(arrives))
      assert.equal(run.mostAtOnce, 1)
    })

    test('lines and parsed lines are counted', async () => {
      await using rig = await open()
      const run: Run = new Run(rig.create(), undefined, (batch) => {
        run.take(batch)
        return { parsedCount: 0 }
      })
      await rig.write(...numbered(0, 7))
      await run.has(7)
      await run.end()
      const { streams } = run.source.health
      assert.equal(
        streams.reduce((sum, stream) => sum + stream.lineCount, 0),
        7,
      )
      assert.equal(
        streams.reduce((sum, stream) => sum + stream.parsedCount, 0),
        0,
      )
      assert.ok(streams.reduce((sum, stream) => sum + stream.byteCount, 0) > 7 * 20)
    })

    test('a sink that throws ends it with that error', async () => {
      await using rig = await open()
      const failure = new Error('out of order')
      const run = new Run(rig.create(), undefined, () => {
        throw failure
      })
      await Promise.all([rig.write(...numbered(0, 1)), assert.rejects(run.ended, failure)])
    })

    test('hostile bytes: cut, counted, and what follows is whole', async (t) => {
      await using rig = await open()
      if (!rig.writeBytes) return t.skip('its world gives whole messages')
      const run = new Run(rig.create())
      await rig.write(...numbered(0, 1))
      await run.has(1)
      await rig.writeBytes(Buffer.alloc(1_000_000, 'x'))
      await rig.writeBytes(Buffer.from([0x0a, 0x61, 0xff, 0x00, 0x62, 0x0d, 0x0a, 0x0a]))
      await rig.writeBytes(Buffer.from('whole\n'))
      await until(
        () => run.lines.at(-1)?.endsWith('whole') ?? false,
        () => `${run.lines.length}`,
      )
      await run.end()
      assert.ok(run.lines.every((line) => line.length <= 64 * 1024))
      assert.deepEqual(run.lines.slice(-2), ['a\ufffd\0b', 'whole'])
      const [stream] = run.source.health.streams
      assert.equal(stream?.truncatedCount, 1)
    })

    test('another one goes on where it ended: nothing lost, nothing twice', async (t) => {
      await using rig = await open()
      if (!rig.resumes) return t.skip('it cannot go back')
      const { arrives = (line: string) => line } = rig
      const first = new Run(rig.create())
      await rig.write(...numbered(0, 50))
      await first.has(50)
      const position = await first.end()
      await rig.write(...numbered(50, 60))
      const second = new Run(rig.create(), position)
      await rig.write(...numbered(60, 70))
      await second.has(20)
      await second.end()
      assert.deepEqual([...first.lines, ...second.lines], numbered(0, 70).map(arrives))
    })

    test('what was not acknowledged comes again', async (t) => {
      await using rig = await open()
      if (!rig.resumes) return t.skip('it cannot go back')
      const { arrives = (line: string) => line } = rig
      const first = new Run(rig.create())
      await rig.write(...numbered(0, 10))
      await first.has(10)
      const position = await first.end()
      const second: Run = new Run(rig.create(), position, (batch) => {
        second.take(batch)
        throw new Error('not taken')
      })
      await Promise.all([rig.write(...numbered(10, 20)), assert.rejects(second.ended)])
      const third = new Run(rig.create(), await second.source.position())
      await third.has(10)
      await third.end()
      assert.deepEqual(third.lines, numbered(10, 20).map(arrives))
    })

    test('a position that is none is as good as no position', async (t) => {
      await using rig = await open()
      if (!rig.resumes) return t.skip('it cannot go back')
      for (const nonsense of [null, 7, 'x', [], { files: 3 }, { cursor: {} }]) {
        const run = new Run(rig.create(), nonsense)
        await run.end()
      }
    })
  })
}
