import { RawConnection } from './raw-connection.ts'

/** What a closed loop of requests over several connections showed. */
export interface Load {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Those that succeeded, warming up included. */
  readonly requests: number
  /** With another status than expected; not in the other numbers. */
  readonly failures: number
}

export interface LoadOptions {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly expectedStatus: number
  /** The bytes of the n-th request. */
  request(n: number): Buffer
}

const warmUpShare = 0.2

/** Sends one request after the other on each connection. */
export async function load(options: LoadOptions): Promise<Load> {
  const { port, connections, seconds, expectedStatus } = options
  const latencies: number[] = []
  const startMs = performance.now()
  const measuredFromMs = startMs + seconds * 1000 * warmUpShare
  const endMs = startMs + seconds * 1000
  let sent = 0
  let requests = 0
  let failures = 0
  const worker = async (): Promise<void> => {
    using connection = await RawConnection.open(port)
    for (;;) {
      const sentMs = performance.now()
      if (sentMs >= endMs) return
      const { status } = await connection.send(options.request(sent++))
      if (status !== expectedStatus) failures++
      else requests++
      if (status === expectedStatus && sentMs >= measuredFromMs) {
        latencies.push(performance.now() - sentMs)
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const tookSeconds = (performance.now() - measuredFromMs) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return {
    perSecond: latencies.length / tookSeconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    requests,
    failures,
  }
}
