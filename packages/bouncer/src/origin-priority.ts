/**
 * How much an origin matters when there is no room for all: lower is kept first. What this machine
 * saw itself, then what people decided, then the community, then lists.
 */
export function originPriority(origin: string): number {
  if (origin === 'crowdsec' || origin === 'engine' || origin === 'appsec') return 0
  if (origin === 'CAPI' || origin === 'central') return 2
  if (origin === 'lists' || origin.startsWith('lists:')) return 3
  return 1
}
