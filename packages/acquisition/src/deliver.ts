import { type Clock, Instant } from '@tocsin/model'
import type { SourceHealth } from './health/source-health.ts'
import type { LineOrigin, Sink } from './source.ts'
import { type Transform, transformLines } from './transform.ts'

/** What was read from an origin, before it is given to the sink. */
export interface Delivery {
  readonly origin: LineOrigin
  readonly lines: readonly string[]
  readonly byteCount: number
  readonly truncatedCount: number
}

export interface DeliveryTools {
  readonly clock: Clock
  readonly health: SourceHealth
  readonly transform: Transform | undefined
}

/**
 * Gives lines to the sink and waits until they are acknowledged.
 * @param onAcknowledged Called in the very tick of the acknowledgement: moves the position.
 */
export async function deliver(
  delivery: Delivery,
  sink: Sink,
  { clock, health, transform }: DeliveryTools,
  onAcknowledged: () => void,
): Promise<void> {
  const { origin, byteCount, truncatedCount } = delivery
  const readAt = new Instant(clock.nowMs())
  const lines = transformLines(delivery.lines, transform, origin, readAt)
  let parsedCount = 0
  if (lines.length > 0) {
    const answer = sink({ origin, lines, readAt })
    // A sink that is done at once must not wait: nothing may come between effect and position.
    parsedCount = ('then' in answer ? await answer : answer).parsedCount
  }
  onAcknowledged()
  health.stream(origin.name).truncatedCount += truncatedCount
  health.count(origin.name, lines.length, parsedCount, byteCount)
}
