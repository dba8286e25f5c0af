import { fixedEntries, Guard, NeverBan, readOwnAddresses } from '@tocsin/lapi'
import type { AdminContext } from './admin-command.ts'

/** Whom commands must not ban, as the Local API of this configuration sees it. */
export async function guardOf({ config, store, streams }: AdminContext): Promise<Guard> {
  const neverBan = config.server?.neverBan ?? { ownAddresses: true, privateRanges: true }
  const own = neverBan.ownAddresses ? await readOwnAddresses(streams.env.SSH_CONNECTION) : []
  const entries = [...own, ...fixedEntries(neverBan.privateRanges)]
  return new Guard(store.allowlists, new NeverBan(entries))
}
