import { type Block, BlockLines, readBlocks } from '@tocsin/acquisition'
import type { Engine, LineSource, ParallelEngine, SetAsideBlock } from '@tocsin/engine'
import { guessSampleSize } from './guess-type.ts'
import { findLogType, type LogType } from './log-type.ts'
import type { LogStream, LogSummary } from './replay-lines.ts'
import { lineSource, type ReplayOptions } from './replay-options.ts'

/** Gives a log to workers, block by block, and waits until all of it is poured. */
export async function replayBlocks(
  path: string,
  log: LogStream,
  engine: Engine,
  parallel: ParallelEngine,
  options: ReplayOptions,
): Promise<LogSummary> {
  const readAt = engine.now()
  const truncatedBefore = parallel.truncatedCount
  let found: LogType | undefined = options.type === undefined ? undefined : { type: options.type }
  let source: LineSource | undefined
  const failure = await readBlocks(log.stream, path, async (block, recycle) => {
    found ??= findLogType(options.detection, firstLines(block), path, readAt)
    if ('failure' in found) {
      recycle()
      return
    }
    source ??= lineSource(path, found.type, options)
    await parallel.submit(block, source, readAt, recycle)
    options.onProgress(log.readBytes(), log.sizeBytes, engine.statistics.lines)
  })
  await parallel.drain()
  found ??= findLogType(options.detection, [], path, readAt)
  return {
    type: 'type' in found ? found.type : undefined,
    truncated: parallel.truncatedCount - truncatedBefore,
    failure: failure?.message ?? ('failure' in found ? found.failure : undefined),
  }
}

/** What became of lines that no worker could parse, as a person reads it. */
export function formatSetAside({ startByte, endByte, reason }: SetAsideBlock): string {
  return `bytes ${startByte} to ${endByte} were set aside, as parsing them failed twice: ${reason}`
}

function firstLines(block: Block): string[] {
  const lines = new BlockLines(block.bytes)
  const sample: string[] = []
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (sample.push(line) >= guessSampleSize) break
  }
  return sample
}
