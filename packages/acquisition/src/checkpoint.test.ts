import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { createTextDict, systemClock } from '@tocsin/model'
import type { LogFields } from '@tocsin/telemetry'
import { Checkpoint } from './checkpoint.ts'
import { SourceHealth } from './health/source-health.ts'
import type { Source } from './source.ts'

class FakeSource implements Source {
  readonly module = 'fake'
  readonly labels = createTextDict()
  readonly name: string
  readonly health: SourceHealth
  at = 0

  constructor(name: string) {
    this.name = name
    this.health = new SourceHealth(name, { clock: systemClock })
  }

  async start(): Promise<void> {}

  position(): unknown {
    return { at: this.at }
  }
}

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-checkpoint-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

suite('Checkpoint', () => {
  test('positions and state come back together, in a file only its owner reads', async () => {
    using where = folder()
    const path = join(where.path, 'deep', 'positions.json')
    const [a, b] = [new FakeSource('a'), new FakeSource('b')]
    const first = await Checkpoint.open(path)
    assert.equal(first.positionOf(a), undefined)
    a.at = 7
    await first.save([a, b], { poured: 3 })
    assert.equal(statSync(path).mode & 0o777, 0o600)
    const second = await Checkpoint.open(path)
    assert.deepEqual(second.positionOf(a), { at: 7 })
    assert.deepEqual(second.positionOf(b), { at: 0 })
    assert.deepEqual(second.state, { poured: 3 })
  })

  test('nothing moved, nothing written', async () => {
    using where = folder()
    const path = join(where.path, 'positions.json')
    const source = new FakeSource('a')
    const checkpoint = await Checkpoint.open(path)
    await checkpoint.save([source])
    const { ino } = statSync(path)
    await checkpoint.save([source])
    assert.equal(statSync(path).ino, ino)
    source.at++
    await checkpoint.save([source])
    assert.notEqual(statSync(path).ino, ino)
  })

  test('what is saved is what was in the tick of the call, in the order of the calls', async () => {
    using where = folder()
    const path = join(where.path, 'positions.json')
    const source = new FakeSource('a')
    const checkpoint = await Checkpoint.open(path)
    const saves: Promise<void>[] = []
    for (source.at = 1; source.at <= 20; source.at++) saves.push(checkpoint.save([source]))
    await Promise.all(saves)
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')).positions, { a: { at: 20 } })
  })

  for (const text of ['', '{"version":1,"positions":{"a":{"at"', '[]', '{"version":9}', 'null']) {
    test(`damaged: ${JSON.stringify(text)} is set aside and said so`, async () => {
      using where = folder()
      const path = join(where.path, 'positions.json')
      writeFileSync(path, text)
      const warnings: LogFields[] = []
      const quiet = () => {}
      const log = {
        error: quiet,
        info: quiet,
        debug: quiet,
        warn: (f: LogFields) => warnings.push(f),
      }
      const checkpoint = await Checkpoint.open(path, log)
      assert.equal(checkpoint.positionOf(new FakeSource('a')), undefined)
      assert.equal(readFileSync(`${path}.damaged`, 'utf8'), text)
      assert.equal(warnings.length, 1)
    })
  }

  test('a folder that cannot be written is said, and the next save tries again', async () => {
    using where = folder()
    writeFileSync(join(where.path, 'file'), '')
    const path = join(where.path, 'file', 'positions.json')
    await assert.rejects(async () => {
      const checkpoint = await Checkpoint.open(path)
      await checkpoint.save([new FakeSource('a')])
    })
  })

  test('keeps saving until told to stop, then once more', async () => {
    using where = folder()
    const path = join(where.path, 'positions.json')
    const source = new FakeSource('a')
    const checkpoint = await Checkpoint.open(path)
    const stop = new AbortController()
    const kept = checkpoint.keep([source], () => source.at, { everyMs: 5, signal: stop.signal })
    while ((await Checkpoint.open(path)).state !== 0) await new Promise((r) => setTimeout(r, 2))
    source.at = 9
    stop.abort()
    await kept
    assert.equal((await Checkpoint.open(path)).state, 9)
  })
})
