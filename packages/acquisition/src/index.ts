export { defaultMaxLineBytes, LineSplitter } from './line-splitter.ts'
export { type OpenLog, openLog, SourceError } from './open-log.ts'
export { type ReadSummary, readLines } from './read-lines.ts'
