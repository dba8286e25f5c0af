import type { BanTable } from './ban-table.ts'
import type { Drops } from './enforcer.ts'

/** `{ name: 'dropped', value: 7, unit: 'packet', labels: { origin: 'cscli' } }` */
export interface UsageItem {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly labels: Record<string, string>
}

/** Who reports. */
export interface Component {
  /** `tocsin-firewall-bouncer` */
  readonly type: string
  readonly version: string
  readonly os: { readonly name: string; readonly version: string }
  readonly startedMs: number
}

/** The body of `POST /v1/usage-metrics`: one component about one window of time. */
export interface UsageBody {
  remediation_components: {
    type: string
    version: string
    os: { name: string; version: string }
    feature_flags: string[]
    utc_startup_timestamp: number
    metrics: {
      meta: { window_size_seconds: number; utc_now_timestamp: number }
      items: UsageItem[]
    }[]
  }[]
}

/** Turns counters that only grow into what was counted since the last report. */
export class UsageMetrics {
  readonly #component: Component
  #lastMs: number
  #last = new Map<string | undefined, Drops>()

  constructor(component: Component) {
    this.#component = component
    this.#lastMs = component.startedMs
  }

  /** The report of the time since the last one. */
  report(drops: readonly Drops[], held: BanTable | undefined, nowMs: number): UsageBody {
    const { type, version, os, startedMs } = this.#component
    const items = [...this.#dropItems(drops), ...activeItems(held)]
    const windowSeconds = Math.max(0, Math.round((nowMs - this.#lastMs) / 1000))
    this.#last = new Map(drops.map((drop) => [drop.origin, drop]))
    this.#lastMs = nowMs
    return {
      remediation_components: [
        {
          type,
          version,
          os: { ...os },
          feature_flags: [],
          utc_startup_timestamp: Math.floor(startedMs / 1000),
          metrics: [
            {
              meta: {
                window_size_seconds: windowSeconds,
                utc_now_timestamp: Math.floor(nowMs / 1000),
              },
              items,
            },
          ],
        },
      ],
    }
  }

  *#dropItems(drops: readonly Drops[]): Generator<UsageItem> {
    for (const { origin, packets, bytes } of drops) {
      const last = this.#last.get(origin)
      const name = origin === undefined ? 'processed' : 'dropped'
      const labels: Record<string, string> = origin === undefined ? {} : { origin }
      const newPackets = since(packets, last?.packets)
      const newBytes = since(bytes, last?.bytes)
      if (newPackets > 0) yield { name, value: newPackets, unit: 'packet', labels }
      if (newBytes > 0) yield { name, value: newBytes, unit: 'byte', labels }
    }
  }
}

/** A counter that went back was made anew, so all that it says is new. */
function since(value: number, last = 0): number {
  return value < last ? value : value - last
}

function activeItems(held: BanTable | undefined): UsageItem[] {
  return countBans(held).map(({ origin, family, count }) => ({
    name: 'active_decisions',
    value: count,
    unit: 'ip',
    labels: { origin, ip_type: family === 4 ? 'ipv4' : 'ipv6' },
  }))
}

/** How many bans stand by origin and family. */
export interface BanCount {
  readonly origin: string
  readonly family: 4 | 6
  readonly count: number
}

export function countBans(held: BanTable | undefined): BanCount[] {
  const counts = new Map<string, { origin: string; family: 4 | 6; count: number }>()
  if (!held) return []
  for (let index = 0; index < held.end; index++) {
    if (!held.has(index)) continue
    const origin = held.originAt(index)
    const { family } = held.rangeAt(index).first
    const key = `${family}${origin}`
    const entry = counts.get(key)
    if (entry) entry.count++
    else counts.set(key, { origin, family, count: 1 })
  }
  return [...counts.values()]
}
