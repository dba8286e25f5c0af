/** How long things are kept. What a live decision comes from is never deleted. */
export interface RetentionSettings {
  readonly alertsMaxAgeMs?: number
  /** A count of alerts. */
  readonly alertsMaxItems?: number
  /** Size of the database; the oldest alerts go first. SQLite and PostgreSQL. */
  readonly maxSizeBytes?: number
  readonly metricsMaxAgeMs?: number
  /** Machines without heartbeat for so long, by how they authenticate. */
  readonly machinesMaxSilenceMs?: { readonly password?: number; readonly tls?: number }
  readonly bouncersMaxSilenceMs?: { readonly apiKey?: number; readonly tls?: number }
}

/** How many of each were deleted. */
export interface RetentionReport {
  readonly alerts: number
  readonly decisions: number
  readonly metrics: number
  readonly machines: number
  readonly bouncers: number
  readonly allowlistItems: number
}
