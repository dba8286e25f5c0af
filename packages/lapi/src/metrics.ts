import type { Store } from '@tocsin/store'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** How much is counted. */
export type MetricsLevel = 'full' | 'aggregated' | 'none'

const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1]

/** The counters of the Local API, for Prometheus. */
export class LapiMetrics {
  readonly registry = new Registry()
  readonly #routes: Counter<'route' | 'method'>
  readonly #machines: Counter<'machine' | 'route' | 'method'> | undefined
  readonly #bouncers: Counter<'bouncer' | 'route' | 'method'> | undefined
  readonly #ok: Counter<'bouncer'> | undefined
  readonly #ko: Counter<'bouncer'> | undefined
  readonly #durations: Histogram<'endpoint' | 'method'> | undefined

  constructor(level: MetricsLevel, version: string, store: Store) {
    const registers = level === 'none' ? [] : [this.registry]
    const full = level === 'full' ? [this.registry] : []
    this.#routes = new Counter({
      name: 'cs_lapi_route_requests_total',
      help: 'Number of calls to each route per method.',
      labelNames: ['route', 'method'],
      registers,
    })
    const info = new Gauge({
      name: 'cs_info',
      help: 'Information about Tocsin.',
      labelNames: ['version'],
      registers,
    })
    info.set({ version }, 1)
    if (full.length === 0) return
    this.#machines = new Counter({
      name: 'cs_lapi_machine_requests_total',
      help: 'Number of calls to each route per method grouped by machines.',
      labelNames: ['machine', 'route', 'method'],
      registers: full,
    })
    this.#bouncers = new Counter({
      name: 'cs_lapi_bouncer_requests_total',
      help: 'Number of calls to each route per method grouped by bouncers.',
      labelNames: ['bouncer', 'route', 'method'],
      registers: full,
    })
    this.#ok = new Counter({
      name: 'cs_lapi_decisions_ok_total',
      help: 'Number of calls to /decisions that returned non-nil result.',
      labelNames: ['bouncer'],
      registers: full,
    })
    this.#ko = new Counter({
      name: 'cs_lapi_decisions_ko_total',
      help: 'Number of calls to /decisions that returned nil result.',
      labelNames: ['bouncer'],
      registers: full,
    })
    this.#durations = new Histogram({
      name: 'cs_lapi_request_duration_seconds',
      help: 'Response time of LAPI',
      labelNames: ['endpoint', 'method'],
      buckets: durationBuckets,
      registers: full,
    })
    addStateGauges(store, full)
  }

  countRoute(route: string, method: string): void {
    this.#routes.inc({ route, method })
  }

  countMachine(machine: string, route: string, method: string): void {
    this.#machines?.inc({ machine, route, method })
  }

  countBouncer(bouncer: string, route: string, method: string): void {
    this.#bouncers?.inc({ bouncer, route, method })
  }

  countDecisionQuery(bouncer: string, hasResult: boolean): void {
    const counter = hasResult ? this.#ok : this.#ko
    counter?.inc({ bouncer })
  }

  observeDuration(endpoint: string, method: string, seconds: number): void {
    this.#durations?.observe({ endpoint, method }, seconds)
  }
}

/** What is counted anew each time somebody looks. */
function addStateGauges(store: Store, registers: Registry[]): void {
  new Gauge({
    name: 'cs_active_decisions',
    help: 'Number of active decisions.',
    labelNames: ['reason', 'origin', 'action'],
    registers,
    collect() {
      this.reset()
      for (const kind of store.decisions.countByKind()) {
        if (kind.isSimulated) continue
        this.inc({ reason: kind.scenario, origin: kind.origin, action: kind.type }, kind.count)
      }
    },
  })
  new Gauge({
    name: 'cs_alerts',
    help: 'Number of alerts (excluding CAPI).',
    labelNames: ['reason'],
    registers,
    async collect() {
      const counts = await store.alerts.countByScenario()
      this.reset()
      for (const [reason, count] of counts) this.set({ reason }, count)
    },
  })
  new Gauge({
    name: 'cs_machines_last_heartbeat_timestamp',
    help: 'Last heartbeat of each machine, in seconds since 1970.',
    labelNames: ['machine'],
    registers,
    collect() {
      this.reset()
      for (const { machineId, lastHeartbeatMs } of store.machines.list()) {
        if (lastHeartbeatMs !== undefined) {
          this.set({ machine: machineId }, Math.floor(lastHeartbeatMs / 1000))
        }
      }
    },
  })
}
