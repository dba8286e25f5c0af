import { type Block, BlockCutter, type BlockCutterOptions } from './block-cutter.ts'
import { sourceError } from './open-log.ts'

/**
 * Reads a stream to its end, block by block; the next chunk is read when the block was taken.
 * A stream that breaks ends the reading, not the run: what came before counts.
 * @returns Why reading ended before the end; undefined when all was read.
 */
export async function readBlocks(
  stream: AsyncIterable<unknown>,
  name: string,
  take: (block: Block, recycle: () => void) => Promise<void>,
  options: BlockCutterOptions = {},
): Promise<Error | undefined> {
  const cutter = new BlockCutter(options)
  const hand = (block: Block) => take(block, () => cutter.recycle(block))
  let failure: Error | undefined
  const chunks = stream[Symbol.asyncIterator]()
  for (;;) {
    let chunk: unknown
    try {
      const result = await chunks.next()
      if (result.done) break
      chunk = result.value
    } catch (cause) {
      failure = sourceError(name, cause)
      break
    }
    for (const block of cutter.push(chunk as Uint8Array)) await hand(block)
  }
  for (const block of cutter.end()) await hand(block)
  return failure
}
