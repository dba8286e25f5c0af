import { Instant, timeMode } from '@tocsin/model'
import type { Bucket } from './bucket.ts'
import type { KeyGroup } from './key-group.ts'
import type { ScenarioState } from './scenario-state.ts'

/**
 * Whether a bucket has ended by this time: live exactly when its lifetime is over, in replay just
 * after. A timed bucket lives from its first event on (in replay it does not, as nothing would make it
 * overflow there), others from their last.
 */
export function isExpired(bucket: Bucket, at: Instant, state: ScenarioState): boolean {
  const { last, first } = bucket
  if (state.lifetimeNanos === 0 || !last || !first) return false
  if (bucket.mode === timeMode.replay) return at.nanosSince(last) > state.lifetimeNanos
  return at.nanosSince(state.isTimed ? first : last) >= state.lifetimeNanos
}

/** When a live bucket that has poured ends. */
export function expiryOf(bucket: Bucket, state: ScenarioState): Instant {
  const from = (state.isTimed ? bucket.first : bucket.last) ?? new Instant(0)
  const wholeMs = Math.floor(state.lifetimeNanos / 1e6)
  const nanos = from.nanos + (state.lifetimeNanos - wholeMs * 1e6)
  const epochMs = from.epochMs + wholeMs + Math.floor(nanos / 1e6)
  return new Instant(epochMs, nanos % 1e6, from.offsetMinutes)
}

/**
 * The buckets to give up when there are too many: of the oldest sixteenth those that have been idle
 * longest. A few at a time, so that no single event pays for many.
 */
export function evictionCandidates(group: KeyGroup): Bucket[] {
  const wanted = Math.max(1, group.size >> 6)
  const oldest: Bucket[] = []
  for (const bucket of group.buckets()) {
    oldest.push(bucket)
    if (oldest.length === 4 * wanted) break
  }
  oldest.sort((a, b) => lastMs(a) - lastMs(b))
  return oldest.slice(0, wanted)
}

function lastMs(bucket: Bucket): number {
  return bucket.last?.epochMs ?? Number.NEGATIVE_INFINITY
}
