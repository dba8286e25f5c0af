import { Stashes } from '@tocsin/enrich'
import type { Clock } from '@tocsin/model'

/**
 * Tells whether a line asked for what only the thread of the engine knows: the present of a replay
 * or a stash. Such a line is handed back and parsed there, in its turn.
 */
export class LineWatch {
  /** Whether the line at hand asked. */
  hasAsked = false
  /** Whether a line of the block at hand has a date without a year. */
  hasAskedYear = false
  /** The year that dates without one are taken for; the engine checks it when their turn comes. */
  year = 0
  /** Marks the line; its answer is not used, but the rules run on to their end with it. */
  readonly clock: Clock = {
    nowMs: () => {
      this.hasAsked = true
      return 0
    },
  }
  readonly stashes: Stashes

  constructor() {
    this.stashes = new WatchedStashes(this)
  }

  readonly currentYear = (): number => {
    this.hasAskedYear = true
    return this.year
  }
}

/** Holds nothing: whoever asks is marked. */
class WatchedStashes extends Stashes {
  readonly #watch: LineWatch

  constructor(watch: LineWatch) {
    super(watch.clock)
    this.#watch = watch
  }

  override get(_name: string, _key: string): string | undefined {
    this.#watch.hasAsked = true
    return ''
  }

  override set(): boolean {
    this.#watch.hasAsked = true
    return true
  }
}
