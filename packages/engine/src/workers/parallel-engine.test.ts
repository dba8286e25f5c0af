import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { Instant } from '@tocsin/model'
import { runLines } from './parallel.test-support.ts'

const words = ['fail', 'fail', 'fail', 'ok', 'odd', 'pull', 'mark', 'data', 'remember', 'recall']
const rests = ['x', 'a', 'b', '{"x": "1"}', '{"x": 1}', '', 'é 😀']

/** Lines in no good order, from a seed: late ones, undated ones, ones that nobody parses. */
function linesOf(seed: number, count: number, stampOf: (second: number) => string): string[] {
  let state = seed
  const pick = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return Array.from({ length: count }, (_, i) => {
    if (pick(15) === 0) return `nobody ${pick(3)} takes "${i}"`
    const stamp = pick(40) === 0 ? 'soon' : stampOf(i - pick(4))
    const word = pick(60) === 0 ? 'now' : words[pick(words.length)]
    return `${stamp}|192.0.2.${pick(8)} ${word} ${rests[pick(rests.length)]}`
  })
}

const startMs = Date.UTC(2026, 0, 1)
const full = (second: number) => new Instant(startMs + second * 1000).toString()

/** Without a year: `Dec 31 23:59:58`. */
function yearless(second: number): string {
  const date = new Date(Date.UTC(2025, 11, 31, 23, 59, 0) + second * 1000)
  const month = date.getUTCMonth() === 0 ? 'Jan  1' : 'Dec 31'
  return `${month} ${date.toISOString().slice(11, 19)}`
}

const entry = new URL('./poisoned-worker.test-support.ts', import.meta.url)

suite('workers change nothing', () => {
  const cases: Record<string, string[]> = {
    'dated lines': linesOf(1, 2000, full),
    'dates without a year, into the next': linesOf(2, 400, yearless),
    both: linesOf(3, 1500, (second) => (second % 5 === 0 ? yearless(second) : full(second))),
  }
  for (const [name, lines] of Object.entries(cases)) {
    test(name, async () => {
      const alone = await runLines(lines, { workers: 0 })
      assert.ok(alone.alerts.length > 10_000, 'there is something to compare')
      for (const [workers, linesPerBlock, helps] of [
        [1, 20, true],
        [2, 7, false],
        [4, 1, true],
      ] as const) {
        const run = await runLines(lines, { workers, linesPerBlock, helps })
        assert.equal(run.alerts, alone.alerts, `${workers} workers`)
        assert.equal(run.counts, alone.counts, `${workers} workers`)
        assert.ok(run.handedBack > 0 && run.handedBack < lines.length / 2)
      }
    })
  }
})

suite('a worker that dies', () => {
  const good = linesOf(4, 300, full)

  test('is replaced, its block tried once more, and nothing is lost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-'))
    try {
      const lines = good.with(150, `${full(150)}|192.0.2.1 fail once=${join(folder, 'marker')}`)
      const alone = await runLines(lines, { workers: 0 })
      const run = await runLines(lines, { workers: 2, entry })
      assert.deepEqual(run.setAside, [])
      assert.equal(run.alerts, alone.alerts)
      assert.equal(run.counts, alone.counts)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('twice of one block sets that block aside, and no other', async () => {
    const lines = good.with(150, `${full(150)}|192.0.2.1 fail poison`)
    const run = await runLines(lines, { workers: 2, entry, linesPerBlock: 10 })
    const before = Buffer.byteLength(`${lines.slice(0, 150).join('\n')}\n`)
    const block = Buffer.byteLength(`${lines.slice(150, 160).join('\n')}\n`)
    assert.deepEqual(run.setAside, [
      { source: 'test.log', startByte: before, endByte: before + block, reason: 'poisoned' },
    ])
    const alone = await runLines(lines.toSpliced(150, 10), { workers: 0 })
    assert.equal(run.alerts, alone.alerts)
    assert.equal(run.counts, alone.counts)
  })

  test('of not coming to an end is ended', async () => {
    const lines = good.slice(0, 20).with(15, `${full(15)}|192.0.2.1 fail stuck`)
    const run = await runLines(lines, {
      workers: 1,
      entry,
      linesPerBlock: 10,
      blockTimeoutMs: 1500,
    })
    assert.equal(run.setAside[0]?.reason, 'no answer within 1.5 s')
    assert.equal(JSON.parse(run.counts).lines, 10)
  })

  test('before it can begin ends the run', async () => {
    const missing = new URL('./no-such-module.ts', import.meta.url)
    await assert.rejects(
      runLines(good, { workers: 2, entry: missing }),
      /workers cannot be kept alive: .*no-such-module/,
    )
  })
})
