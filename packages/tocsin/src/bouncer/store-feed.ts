import type { DecisionFeed, FeedDecision } from '@tocsin/bouncer'
import type { Clock } from '@tocsin/model'
import type { Store, StreamPosition } from '@tocsin/store'

/** What is decided in a burst is told together: one change of the firewall instead of hundreds. */
const gatherMs = 50

export interface StoreFeedOptions {
  readonly store: Store
  readonly clock: Clock
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Told after every reading, that it happened. */
  readonly onRead: (position: StreamPosition) => void
}

/** The decisions of a store in this process: heard as soon as they are made. */
export function storeFeed({ store, clock, sleep, onRead }: StoreFeedOptions): DecisionFeed {
  return async function* (signal) {
    let since: StreamPosition | undefined
    while (!signal.aborted) {
      const changed = nextChange(store, signal)
      const filter = { scopes: ['Ip', 'Range'] }
      const isFirst = since === undefined
      const { position, chunks } = store.decisions.stream.open({
        filter,
        isDeduplicated: false,
        ...(since && { since }),
      })
      const { added, deleted } = read(chunks)
      since = position
      onRead(position)
      if (isFirst || added.length + deleted.length > 0) {
        const kind = isFirst ? 'snapshot' : 'delta'
        yield { kind, added, deleted, receivedMs: clock.nowMs() }
      }
      await changed
      await sleep(gatherMs, signal)
    }
  }
}

/** Resolves at the next change or when the signal fires. */
function nextChange(store: Store, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const listening = store.decisions.stream.onChange(() => resolve())
  const stop = () => resolve()
  signal.addEventListener('abort', stop, { once: true })
  return promise.finally(() => {
    listening[Symbol.dispose]()
    signal.removeEventListener('abort', stop)
  })
}

interface Changes {
  readonly added: readonly FeedDecision[]
  readonly deleted: readonly FeedDecision[]
}

function read(chunks: Iterable<Buffer>): Changes {
  const text = Buffer.concat([...chunks]).toString('utf8')
  const body = JSON.parse(text) as { new: FeedDecision[] | null; deleted: FeedDecision[] | null }
  return { added: body.new ?? [], deleted: body.deleted ?? [] }
}
