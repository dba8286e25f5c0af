import { LineSplitter } from './line-splitter.ts'
import { sourceError } from './open-log.ts'

/** What came of reading a source once, to its end. */
export interface ReadSummary {
  readonly truncatedCount: number
  /** Why reading ended before the end; undefined when all was read. */
  readonly failure: Error | undefined
}

/**
 * Reads a stream to its end, handing over the lines of each chunk at once.
 * A stream that breaks ends the reading, not the run: what came before counts.
 */
export async function readLines(
  stream: AsyncIterable<unknown>,
  name: string,
  takeLine: (line: string) => void,
  afterChunk: () => void = () => {},
): Promise<ReadSummary> {
  const splitter = new LineSplitter()
  let failure: Error | undefined
  try {
    for await (const chunk of stream) {
      splitter.push(chunk as Buffer, takeLine)
      afterChunk()
    }
  } catch (cause) {
    failure = sourceError(name, cause)
  }
  splitter.end(takeLine)
  return { truncatedCount: splitter.truncatedCount, failure }
}
