import { setTimeout as delay } from 'node:timers/promises'
import { Bouncer, type DecisionFeed, type Enforcer } from '@tocsin/bouncer'
import { readOwnAddresses } from '@tocsin/lapi'
import { systemClock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { FirewallSettings } from './firewall-settings.ts'

/** What a firewall bouncer is made of, beside what it is told. */
export interface FirewallParts {
  readonly feed: DecisionFeed
  readonly enforcer: Enforcer
  readonly log: Log
  readonly env: Readonly<Record<string, string | undefined>>
  readonly snapshotPath: string | undefined
}

/** The bouncer of these settings, not running yet. */
export function createFirewallBouncer(settings: FirewallSettings, parts: FirewallParts): Bouncer {
  const { feed, capacity, staleAfterMs } = settings
  const { snapshotPath } = parts
  return new Bouncer({
    feed: parts.feed,
    enforcer: parts.enforcer,
    clock: systemClock,
    log: parts.log,
    random: Math.random,
    sleep,
    types: feed.types,
    families: settings.families,
    allow: settings.allow,
    ipv6PrefixLength: settings.ipv6PrefixLength,
    whenStale: settings.whenStale,
    readProtected: async () => {
      const entries = await readOwnAddresses(parts.env.SSH_CONNECTION)
      return entries.map(({ range }) => range)
    },
    ...(snapshotPath !== undefined && { snapshotPath }),
    ...(feed.origins && { origins: feed.origins }),
    ...(feed.scenariosContaining && { scenariosContaining: feed.scenariosContaining }),
    ...(feed.scenariosNotContaining && { scenariosNotContaining: feed.scenariosNotContaining }),
    ...(capacity !== undefined && { capacity }),
    ...(staleAfterMs !== undefined && { staleAfterMs }),
  })
}

/** Resolves after so long or when the signal fires, whichever is first. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
