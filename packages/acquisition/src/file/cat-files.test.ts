import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { createTextDict, systemClock } from '@tocsin/model'
import type { LineBatch } from '../source.ts'
import { CatFiles } from './cat-files.ts'

async function cat(files: Readonly<Record<string, string | Buffer>>, ...patterns: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-cat-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    mkdirSync(join(folder, 'folder.log'))
    const source = new CatFiles({
      ...{ name: 'file:x', labels: createTextDict(), clock: systemClock },
      filenames: patterns.map((pattern) => join(folder, pattern)),
      isExcluded: (path) => path.endsWith('not.log'),
    })
    const batches: LineBatch[] = []
    const take = (batch: LineBatch) => {
      batches.push(batch)
      return { parsedCount: batch.lines.length }
    }
    await source.start(take, new AbortController().signal)
    return { lines: batches.flatMap((batch) => batch.lines), verdict: source.health.verdict }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

suite('CatFiles', () => {
  const cases: Readonly<Record<string, readonly [Record<string, string | Buffer>, string[]]>> = {
    'in the order of their names': [{ 'b.log': 'b\n', 'a.log': 'a' }, ['a', 'b']],
    compressed: [
      { 'a.log': gzipSync('a\nb\n'), 'b.log': zstdCompressSync('c\n') },
      ['a', 'b', 'c'],
    ],
    'without empty lines and CR': [{ 'a.log': '\r\na\r\n\n' }, ['a']],
    excluded: [{ 'a.log': 'a', 'not.log': 'b' }, ['a']],
  }
  for (const [name, [files, lines]] of Object.entries(cases)) {
    test(name, async () => {
      assert.deepEqual(await cat(files, '*.log'), { lines, verdict: 'healthy' })
    })
  }

  test('what is damaged is a verdict, and the others are read', async () => {
    const damaged = gzipSync(Buffer.alloc(100_000, 'line\n')).subarray(0, 60)
    const { lines, verdict } = await cat({ 'a.log': damaged, 'b.log': 'whole' }, '*.log')
    assert.equal(lines.at(-1), 'whole')
    assert.equal(verdict, 'unreadable')
  })

  test('what is not there is missing', async () => {
    assert.deepEqual(await cat({}, 'no.log', '*.none'), { lines: [], verdict: 'missing' })
  })
})
