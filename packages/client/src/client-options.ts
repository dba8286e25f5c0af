import type { Log } from '@tocsin/telemetry'
import type { Pacing, RetryPolicy } from './pacing.ts'
import type { TlsMaterial } from './tls-material.ts'

/** What both kinds of client are made with. */
export interface ClientOptions {
  /** `http(s)://…` or the path of a Unix socket; tried in order. */
  readonly urls: readonly string[]
  /** `tocsin/0.1.0-linux`: name, one slash, version. Servers refuse machines that write it otherwise. */
  readonly userAgent: string
  readonly tls?: TlsMaterial
  /** The longest silence of a server that is borne; 30 s when absent. */
  readonly idleTimeoutMs?: number
  readonly retry?: Partial<RetryPolicy>
  readonly log?: Log
  readonly pacing?: Pacing
}

export const defaultIdleTimeoutMs = 30_000
