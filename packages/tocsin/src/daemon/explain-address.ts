import { parseAddressOrRange } from '@tocsin/address'
import type { ServerConfig } from '@tocsin/config'
import { fixedEntries, formatMatch, Guard, NeverBan, readOwnAddresses } from '@tocsin/lapi'
import { formatRemaining } from '@tocsin/protocol'
import type { Store } from '@tocsin/store'

const shownAlerts = 20

/** Everything that is known about an address or a range; `why -o json` prints it as it is. */
export interface AddressExplanation {
  readonly value: string
  /** `banned`, `allowlisted`, `clear`. */
  readonly verdict: 'decided' | 'allowlisted' | 'clear'
  readonly decisions: readonly {
    readonly id: number
    readonly type: string
    readonly scope: string
    readonly value: string
    readonly origin: string
    readonly scenario: string
    readonly until: string
    readonly left: string
  }[]
  /** Lists, and what is never banned, that have it. */
  readonly allowlists: readonly string[]
  readonly alerts: readonly {
    readonly id: number
    readonly scenario: string
    readonly message: string
    readonly created_at: string
  }[]
  readonly bouncers: readonly { readonly name: string; readonly last_pull: string | null }[]
}

/** @throws {Error} When the text is neither an address nor a range. */
export async function explainAddress(
  text: string,
  store: Store,
  server: ServerConfig,
): Promise<AddressExplanation> {
  const range = parseAddressOrRange(text)?.unmapped()
  if (!range) throw new Error(`"${text}" is neither an address nor a range`)
  const nowMs = Date.now()
  const decisions = store.decisions
    .query({ range, rangeMatch: 'covering' })
    .filter(({ untilMs }) => untilMs > nowMs)
  const own = server.neverBan.ownAddresses ? await readOwnAddresses(undefined) : []
  const neverBan = new NeverBan([...own, ...fixedEntries(server.neverBan.privateRanges)])
  const matches = new Guard(store.allowlists, neverBan).check(text) ?? []
  const alerts = await store.alerts.query({ scope: 'Ip', value: text }, { limit: shownAlerts })
  return {
    value: text,
    verdict: decisions.length > 0 ? 'decided' : matches.length > 0 ? 'allowlisted' : 'clear',
    decisions: decisions.map((decision) => ({
      id: decision.id,
      type: decision.type,
      scope: decision.scope,
      value: decision.value,
      origin: decision.origin,
      scenario: decision.scenario,
      until: new Date(decision.untilMs).toISOString(),
      left: formatRemaining(decision.untilMs - nowMs),
    })),
    allowlists: matches.map(formatMatch),
    alerts: alerts.map(({ id, scenario, message, createdMs }) => ({
      id,
      scenario,
      message,
      created_at: new Date(createdMs).toISOString(),
    })),
    bouncers: store.bouncers.list().map(({ name, lastPullMs }) => ({
      name,
      last_pull: lastPullMs === undefined ? null : new Date(lastPullMs).toISOString(),
    })),
  }
}
