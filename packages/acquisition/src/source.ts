import type { Instant, TextDict } from '@tocsin/model'
import type { SourceHealth } from './health/source-health.ts'

/** Where lines come from, as rules see it: `evt.Line.Src`, `Module` and `Labels`. */
export interface LineOrigin {
  /** A path, a journal filter, a client address: `/var/log/auth.log`. */
  readonly name: string
  readonly module: string
  readonly labels: TextDict
}

/** Lines of one origin in their order, read together. */
export interface LineBatch {
  readonly origin: LineOrigin
  readonly lines: readonly string[]
  readonly readAt: Instant
}

/** Says that all lines of a batch took effect. */
export interface Acknowledgement {
  /** How many of the lines a parser took. */
  readonly parsedCount: number
}

/**
 * Takes lines. What it returns, or what its promise gives, acknowledges the batch: the position of
 * the source moves past it in the same tick. A sink that throws has not taken the batch and ends
 * the source.
 */
export type Sink = (batch: LineBatch) => Acknowledgement | Promise<Acknowledgement>

/**
 * Something that gives lines: a set of files, the journal, a socket. What goes wrong in the world
 * (missing file, no permission, a program that ends) is a verdict in `health`, never a throw.
 */
export interface Source {
  /** Names it among the sources of an installation: `file:/var/log/nginx/*.log`. */
  readonly name: string
  readonly module: string
  readonly labels: TextDict
  readonly health: SourceHealth
  /**
   * Reads until the source ends or the signal fires; at most one batch is with the sink at a time.
   * @param resume What `position` gave before, perhaps in another process and through JSON.
   */
  start(sink: Sink, signal: AbortSignal, resume?: unknown): Promise<void>
  /**
   * Where to go on: JSON data that covers exactly the acknowledged batches. Undefined when the
   * source cannot go back, as a socket cannot.
   */
  position(): unknown
}
