/** Where counts go, under the names and labels of the metrics page; called per block, not per event. */
export interface BucketMetrics {
  add(name: BucketCounter, labels: Readonly<Record<string, string>>, count: number): void
  set(name: BucketGauge, labels: Readonly<Record<string, string>>, value: number): void
}

export type BucketCounter =
  | 'cs_bucket_instantiation_total'
  | 'cs_bucket_poured_total'
  | 'cs_bucket_overflowed_total'
  | 'cs_bucket_underflowed_total'
  | 'cs_bucket_canceled_total'
  | 'tocsin_bucket_evicted_total'
  | 'tocsin_bucket_unbuilt_total'

export type BucketGauge = 'cs_buckets'

/** What happened to the buckets of one scenario since the last publication, and how many there are. */
export class ScenarioCounts {
  live = 0
  created = 0
  overflowed = 0
  underflowed = 0
  canceled = 0
  evicted = 0
  /** Overflows without an alert, because their source could not be told. */
  unbuilt = 0

  publish(name: string, metrics: BucketMetrics): void {
    const labels = { name }
    metrics.set('cs_buckets', labels, this.live)
    if (this.created > 0) metrics.add('cs_bucket_instantiation_total', labels, this.created)
    if (this.overflowed > 0) metrics.add('cs_bucket_overflowed_total', labels, this.overflowed)
    if (this.underflowed > 0) metrics.add('cs_bucket_underflowed_total', labels, this.underflowed)
    if (this.canceled > 0) metrics.add('cs_bucket_canceled_total', labels, this.canceled)
    if (this.evicted > 0) metrics.add('tocsin_bucket_evicted_total', labels, this.evicted)
    if (this.unbuilt > 0) metrics.add('tocsin_bucket_unbuilt_total', labels, this.unbuilt)
    this.created = 0
    this.overflowed = 0
    this.underflowed = 0
    this.canceled = 0
    this.evicted = 0
    this.unbuilt = 0
  }
}

/** Pours by source of the line, kept between publications. */
export class PourCounts {
  readonly #rows = new Map<string, Map<string, number[]>>()
  readonly #scenarioCount: number
  #source: string | undefined
  #module: string | undefined
  #row: number[] = []

  constructor(scenarioCount: number) {
    this.#scenarioCount = scenarioCount
  }

  count(source: string, module: string, scenario: number): void {
    // Lines come in blocks of one source, so mostly nothing is looked up.
    if (source !== this.#source || module !== this.#module) this.#find(source, module)
    this.#row[scenario] = (this.#row[scenario] as number) + 1
  }

  publish(nameOf: (scenario: number) => string, metrics: BucketMetrics): void {
    for (const [source, byModule] of this.#rows) {
      for (const [module, row] of byModule) {
        row.forEach((count, scenario) => {
          if (count === 0) return
          const labels = { source, type: module, name: nameOf(scenario) }
          metrics.add('cs_bucket_poured_total', labels, count)
        })
      }
    }
    // Sources may come without end, so nothing is kept of those that were told.
    this.#rows.clear()
    this.#source = undefined
  }

  #find(source: string, module: string): void {
    const byModule = this.#rows.get(source) ?? new Map<string, number[]>()
    const row = byModule.get(module) ?? new Array<number>(this.#scenarioCount).fill(0)
    this.#rows.set(source, byModule.set(module, row))
    this.#row = row
    this.#source = source
    this.#module = module
  }
}
