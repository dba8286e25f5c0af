export {
  type Block,
  BlockCutter,
  type BlockCutterOptions,
  defaultBlockBytes,
} from './block-cutter.ts'
export { BlockLines } from './block-lines.ts'
export { defaultMaxLineBytes, LineSplitter } from './line-splitter.ts'
export { type OpenLog, openLog, SourceError } from './open-log.ts'
export { readBlocks } from './read-blocks.ts'
export { type ReadSummary, readLines } from './read-lines.ts'
