import type { Problems, Span } from '@tocsin/diagnostic'
import type { Clock, TextDict } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { MapReader } from '@tocsin/yaml'
import type { VerdictChange } from '../health/source-health.ts'
import type { Source } from '../source.ts'
import type { Transform } from '../transform.ts'

/** What sources need from outside. */
export interface SourceTools {
  readonly clock: Clock
  readonly log: Log
  readonly onVerdict: (change: VerdictChange) => void
}

/** Whether to follow what comes, or to read what is there and end. */
export type SourceMode = 'tail' | 'cat'

/** What every kind of source is given from the keys they share. */
export interface SourceParts extends SourceTools {
  readonly name: string
  readonly labels: TextDict
  readonly mode: SourceMode
  readonly transform: Transform | undefined
}

/** What a kind made of its own keys. */
export interface SourceDesign {
  /** Names the source among those of its kind: `/var/log/nginx/*.log`. */
  readonly subject: string
  create(parts: SourceParts): Source
}

/** Where a kind reads its keys. */
export interface KindReading {
  readonly reader: MapReader
  readonly mode: SourceMode
  readonly modeSpan: Span
  /** What relative paths are relative to. */
  readonly folder: string
  readonly problems: Problems
}

/** A kind of source: its keys in acquisition files, and how it is made. */
export interface SourceKind {
  /** What `source` names it. */
  readonly module: string
  /** Reads the keys of its own; reports and gives undefined when they make no source. */
  readonly read: (reading: KindReading) => SourceDesign | undefined
}
