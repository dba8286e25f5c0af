export {
  type Block,
  BlockCutter,
  type BlockCutterOptions,
  defaultBlockBytes,
} from './block-cutter.ts'
export { BlockLines } from './block-lines.ts'
export { Checkpoint } from './checkpoint.ts'
export {
  type Acquisition,
  type LoadAcquisitionOptions,
  loadAcquisition,
} from './config/load-acquisition.ts'
export { type ConfiguredSource, readAcquisition } from './config/read-acquisition.ts'
export type { SourceKind, SourceMode, SourceTools } from './config/source-kind.ts'
export {
  type DiscoveredSource,
  type Discovery,
  discoverSources,
  type FoundService,
  type ServiceState,
} from './discovery/discover-sources.ts'
export { type DiscoveryHost, thisMachine } from './discovery/discovery-host.ts'
export { formatAcquisition } from './discovery/format-discovery.ts'
export { CatFiles, type CatFilesOptions } from './file/cat-files.ts'
export { FileSource, type FileSourceOptions, type FileTiming } from './file/file-source.ts'
export { PathGlob } from './file/path-glob.ts'
export { SourceHealth, type VerdictChange } from './health/source-health.ts'
export type { StreamHealth, Trouble, TroubleKind } from './health/stream-health.ts'
export { describeVerdict, isTrouble, type Verdict, verdicts } from './health/verdict.ts'
export { JournalSource, type JournalSourceOptions } from './journal-source.ts'
export { defaultMaxLineBytes, LineSplitter } from './line-splitter.ts'
export { type OpenLog, openLog, SourceError } from './open-log.ts'
export { readBlocks } from './read-blocks.ts'
export { type ReadSummary, readLines } from './read-lines.ts'
export type { Acknowledgement, LineBatch, LineOrigin, Sink, Source } from './source.ts'
export { StdinSource, type StdinSourceOptions } from './stdin-source.ts'
export { SyslogSource, type SyslogSourceOptions } from './syslog/syslog-source.ts'
export type { Transform } from './transform.ts'
