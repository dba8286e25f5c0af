/** An alert whose last event is older than this was not seen live. */
const liveMs = 3_600_000

/**
 * When a decision ends. Of an alert that is seen live it holds for its whole duration from now on: the
 * clock of the machine that sent it, ahead or behind, neither shortens nor prolongs it. Of an old alert
 * (a replay, a machine that was cut off) it counts from the alert, so it may be over already.
 */
export function decisionEndMs(stopMs: number, durationMs: number, nowMs: number): number {
  const startMs = nowMs - stopMs > liveMs ? stopMs : nowMs
  return Math.round(startMs + durationMs)
}
