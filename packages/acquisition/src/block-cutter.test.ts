import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type Block, BlockCutter } from './block-cutter.ts'
import { BlockLines } from './block-lines.ts'
import { LineSplitter } from './line-splitter.ts'

function cut(chunks: readonly Buffer[], blockBytes: number, maxLineBytes: number) {
  const cutter = new BlockCutter({ blockBytes, maxLineBytes })
  const blocks: Block[] = []
  for (const chunk of chunks) blocks.push(...cutter.push(chunk))
  blocks.push(...cutter.end())
  return blocks
}

function linesOf(blocks: readonly Block[], maxLineBytes: number) {
  const lines: string[] = []
  let truncated = 0
  for (const block of blocks) {
    const reader = new BlockLines(block.bytes, maxLineBytes)
    for (let line = reader.next(); line !== undefined; line = reader.next()) {
      lines.push(line)
      assert.equal(reader.textOf(reader.start, reader.end), line)
    }
    truncated += reader.truncatedCount
  }
  return { lines, truncated }
}

function splitPlain(chunks: readonly Buffer[], maxLineBytes: number) {
  const splitter = new LineSplitter(maxLineBytes)
  const lines: string[] = []
  for (const chunk of chunks) splitter.push(chunk, (line) => lines.push(line))
  splitter.end((line) => lines.push(line))
  return { lines, truncated: splitter.truncatedCount }
}

suite('BlockCutter', () => {
  test('blocks hold whole lines and tell where they stand', () => {
    const blocks = cut([Buffer.from('first\nsecond\nthird')], 14, 4)
    assert.deepEqual(
      blocks.map(({ bytes, startByte, endByte }) => [bytes.toString(), startByte, endByte]),
      [
        ['first\nsecond\n', 0, 13],
        ['third', 13, 18],
      ],
    )
  })

  test('a line without end takes no more memory than a block', () => {
    const cutter = new BlockCutter({ blockBytes: 200_000 })
    const chunk = Buffer.alloc(1 << 20, 'x')
    for (let i = 0; i < 20; i++) assert.deepEqual([...cutter.push(chunk)], [])
    const [block, ...others] = [...cutter.push(Buffer.from('\nnext')), ...cutter.end()]
    assert.equal(others.length, 0)
    assert.equal(block?.endByte, 20 * 2 ** 20 + 5)
    const { lines, truncated } = linesOf(block ? [block] : [], 65_536)
    assert.deepEqual([lines.map((line) => line.length), truncated], [[65_536, 4], 1])
  })

  test('the memory of a block is used again', () => {
    const cutter = new BlockCutter({ blockBytes: 16, maxLineBytes: 4 })
    const [first] = [...cutter.push(Buffer.from('0123456789abcde\n'))]
    assert.ok(first)
    const { buffer } = first.bytes
    cutter.recycle(first)
    const more = [...cutter.push(Buffer.from('0123456789abcde\n0123456789abcde\n'))]
    assert.ok(more.some((block) => block.bytes.buffer === buffer))
  })

  test('lines are those of the splitter, wherever chunks and blocks are cut', () => {
    const unit = fc.constantFrom('a', 'b', 'é', '\n', '\r', '\r\n', '😀', '\0')
    const law = fc.property(
      fc.array(fc.string({ unit, maxLength: 20 })),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (texts, chunkBytes, blockBytes, maxLineBytes) => {
        const bytes = Buffer.from(texts.join('\n'))
        const chunks: Buffer[] = []
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          chunks.push(bytes.subarray(at, at + chunkBytes))
        }
        const blocks = cut(chunks, blockBytes, maxLineBytes)
        assert.deepEqual(linesOf(blocks, maxLineBytes), splitPlain(chunks, maxLineBytes))
        blocks.reduce((at, block) => {
          assert.equal(block.startByte, at)
          return block.endByte
        }, 0)
        assert.equal(blocks.at(-1)?.endByte ?? 0, bytes.length)
      },
    )
    fc.assert(law, { numRuns: 500 })
  })
})
