export {
  DateReader,
  type DateReaderOptions,
  knownLayouts,
  type ReadDate,
  readUnixSeconds,
} from './read-date.ts'
