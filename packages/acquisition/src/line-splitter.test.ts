import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { LineSplitter } from './line-splitter.ts'

function split(chunks: readonly (string | Buffer)[], maxLineBytes?: number) {
  const splitter = new LineSplitter(maxLineBytes)
  const lines: string[] = []
  for (const chunk of chunks) splitter.push(Buffer.from(chunk), (line) => lines.push(line))
  splitter.end((line) => lines.push(line))
  return { lines, truncated: splitter.truncatedCount }
}

suite('LineSplitter', () => {
  const cases: Record<string, [chunks: (string | Buffer)[], lines: string[]]> = {
    'lines and a last one without break': [['a\nb\nc'], ['a', 'b', 'c']],
    'a line across chunks': [
      ['ab', 'cd\ne', 'f'],
      ['abcd', 'ef'],
    ],
    'CRLF and empty lines': [['a\r\n\r\n\nb\r\n'], ['a', 'b']],
    'CR and LF in two chunks': [
      ['a\r', '\nb'],
      ['a', 'b'],
    ],
    'a NUL is kept': [['a\0b\n'], ['a\0b']],
    'invalid UTF-8': [[Buffer.from([0x61, 0xff, 0x62, 0x0a])], ['a\ufffdb']],
    'a character across chunks': [[Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], ['é']],
    nothing: [[], []],
  }
  for (const [name, [chunks, lines]] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(split(chunks), { lines, truncated: 0 }))
  }

  test('a line over the limit is cut and counted, the next is whole', () => {
    assert.deepEqual(split(['abcdefgh\nok\n'], 4), { lines: ['abcd', 'ok'], truncated: 1 })
    assert.deepEqual(split(['abc', 'def', 'gh\nok\n'], 4), { lines: ['abcd', 'ok'], truncated: 1 })
    assert.deepEqual(split(['abcd\r', '\nok'], 4), { lines: ['abcd', 'ok'], truncated: 0 })
  })

  test('10 MiB without a line break costs one cut line', () => {
    const chunks = Array.from({ length: 160 }, () => Buffer.alloc(64 * 1024, 'x'))
    const { lines, truncated } = split(chunks)
    assert.equal(truncated, 1)
    assert.equal(lines[0]?.length, 64 * 1024)
  })

  test('where chunks are cut changes nothing', () => {
    const law = fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', '😀'), maxLength: 12 })),
      fc.integer({ min: 1, max: 7 }),
      (texts, size) => {
        const bytes = Buffer.from(texts.join('\n'))
        const chunks: Buffer[] = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
        assert.deepEqual(split(chunks, 9), split([bytes], 9))
      },
    )
    fc.assert(law)
  })
})
