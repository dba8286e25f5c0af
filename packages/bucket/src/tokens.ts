const nanosPerSecond = 1e9

/**
 * The tokens left after one event, or -1 when there is none for it and the bucket overflows.
 * A token returns every `leakSpeedNanos`, up to `capacity`; an event takes one. Float arithmetic in
 * the order of Go's `x/time/rate`, so that exact multiples of the leak speed agree with the peer: a
 * deficit that lasts less than a nanosecond is forgiven, and leaves tokens just below zero.
 * @param elapsedNanos Since the event before; a step back in time is no elapsed time.
 */
export function takeToken(
  tokens: number,
  elapsedNanos: number,
  capacity: number,
  leakSpeedNanos: number,
): number {
  const perSecond = 1 / (leakSpeedNanos / nanosPerSecond)
  const elapsed = Math.max(elapsedNanos, 0)
  const seconds = Math.trunc(elapsed / nanosPerSecond)
  const elapsedSeconds = seconds + (elapsed - seconds * nanosPerSecond) / nanosPerSecond
  const left = Math.min(capacity, tokens + elapsedSeconds * perSecond) - 1
  if (left >= 0) return left
  return Math.trunc((-left / perSecond) * nanosPerSecond) === 0 ? left : overflowing
}

/** What `takeToken` answers when there is no token left. */
export const overflowing = -1
