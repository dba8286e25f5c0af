import type { Event } from '@tocsin/model'
import { peerSort } from './peer-sort.ts'

/** Overflows in the order in which recorded tests expect them: scenario and sources, descending. */
export function sortResults(overflows: readonly Event[]): Event[] {
  const keyed = overflows.map((event) => ({ event, key: Buffer.from(sortKey(event)) }))
  peerSort(keyed, (a, b) => Buffer.compare(a.key, b.key) > 0)
  return keyed.map(({ event }) => event)
}

function sortKey({ overflow }: Event): string {
  const sources = [...(overflow?.sources.keys() ?? [])].sort()
  return `${overflow?.alert?.scenario ?? ''}${sources.join('@')}`
}
