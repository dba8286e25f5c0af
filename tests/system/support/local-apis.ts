import { startCrowdsecLapi } from './crowdsec-lapi.ts'
import type { DebianPeers } from './debian-packages.ts'
import type { LocalApi } from './local-api.ts'
import type { Sandbox } from './sandbox.ts'
import { startTocsinLapi } from './tocsin-lapi.ts'

type Start = (sandbox: Sandbox, peers: DebianPeers) => Promise<LocalApi>

/** Every Local API the tests know how to start. */
export const localApis: Readonly<Record<LocalApi['name'], Start>> = {
  tocsin: startTocsinLapi,
  crowdsec: startCrowdsecLapi,
}

/**
 * The one that programs of others are tested with: ours. `TOCSIN_SYSTEM_SERVER=crowdsec` takes theirs,
 * to see whether a test or the server is wrong.
 */
export const serverUnderTest: Start =
  process.env.TOCSIN_SYSTEM_SERVER === 'crowdsec' ? localApis.crowdsec : localApis.tocsin
