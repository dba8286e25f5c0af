import type { AlertReply } from '@tocsin/protocol'
import { ClientError } from './client-error.ts'
import { readDecisions } from './read-decisions.ts'

/** Reads the answer to an alert query; null is the empty list. */
export function readAlerts(json: unknown, server: string): AlertReply[] {
  if (json === null || json === undefined) return []
  if (!Array.isArray(json)) throw unexpected(server, 'a list of alerts')
  return json.map((item) => readAlert(item, server))
}

/** Reads one alert; what servers of other ages leave out is filled in. */
export function readAlert(json: unknown, server: string): AlertReply {
  const alert = readObject<AlertReply>(json, server, ['scenario', 'start_at', 'stop_at'])
  if (alert.source === null || typeof alert.source !== 'object') {
    throw unexpected(server, 'an alert')
  }
  return {
    ...alert,
    machine_id: alert.machine_id ?? 'N/A',
    decisions: readDecisions(alert.decisions, server),
    events: Array.isArray(alert.events) ? alert.events : [],
    labels: Array.isArray(alert.labels) ? alert.labels : [],
  }
}

/** Reads `["1","2"]`. */
export function readAlertIds(json: unknown, server: string): string[] {
  if (json === null || json === undefined) return []
  if (Array.isArray(json) && json.every((id) => typeof id === 'string')) return json
  throw unexpected(server, 'a list of alert ids')
}

/** Reads `{"nbDeleted":"3"}`. */
export function readDeletedCount(json: unknown, server: string): number {
  const { nbDeleted } = readObject<{ nbDeleted?: unknown }>(json, server, [])
  const count = Number(nbDeleted)
  if (nbDeleted === undefined || !Number.isSafeInteger(count)) {
    throw unexpected(server, 'a count of what was deleted')
  }
  return count
}

/** Reads a list of objects that have the texts named `texts`. */
export function readListOf<T extends object>(
  json: unknown,
  server: string,
  texts: readonly string[],
): T[] {
  if (json === null || json === undefined) return []
  if (!Array.isArray(json)) throw unexpected(server, 'a list')
  return json.map((item) => readObject<T>(item, server, texts))
}

/** Reads an object that has the texts named `texts`; the rest of `T` is believed. */
export function readObject<T extends object>(
  json: unknown,
  server: string,
  texts: readonly string[],
): T {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) {
    throw unexpected(server, 'an object')
  }
  const fields = json as Record<string, unknown>
  for (const name of texts) {
    if (typeof fields[name] !== 'string') throw unexpected(server, `an object with '${name}'`)
  }
  return json as T
}

function unexpected(server: string, expected: string): ClientError {
  return new ClientError('TOC_CLIENT_REPLY', `${server}: the answer is not ${expected}`)
}
