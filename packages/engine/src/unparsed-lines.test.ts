import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { UnparsedLines } from './unparsed-lines.ts'

suite('UnparsedLines', () => {
  test('lines that differ in numbers and quoted text are one cluster', () => {
    const lines = new UnparsedLines()
    lines.add('pump 12 started by "anna" at 10:30')
    lines.add('pump 7 started by "bob b." at 11:02')
    lines.add('pump 7 stopped')
    assert.deepEqual(lines.largest(5), [
      {
        shape: 'pump # started by "…" at #',
        count: 2,
        example: 'pump 12 started by "anna" at 10:30',
      },
      { shape: 'pump # stopped', count: 1, example: 'pump 7 stopped' },
    ])
  })

  test('ever new shapes stay within bounds', () => {
    const lines = new UnparsedLines()
    const word = (n: number) => n.toString(26).replace(/\d/g, (d) => 'qrstuvwxyz'[Number(d)] ?? '')
    for (let i = 0; i < 2000; i++) lines.add(`word ${word(i)}`)
    assert.equal(lines.total, 2000)
    assert.equal(lines.largest(1e6).length, 256)
    assert.equal(lines.otherCount, 2000 - 256)
  })

  test('sampling keeps the counts about right', () => {
    const lines = new UnparsedLines()
    for (let i = 0; i < 120_000; i++) lines.add(`same shape ${i}`)
    assert.equal(lines.total, 120_000)
    assert.ok(Math.abs((lines.largest(1)[0]?.count ?? 0) - 120_000) < 100)
  })
})
