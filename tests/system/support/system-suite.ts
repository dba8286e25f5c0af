import { suite } from 'node:test'
import { type DebianPeers, prepareDebianPeers } from './debian-packages.ts'

/** A suite that needs the Debian packages; says why when it cannot run. */
export async function systemSuite(
  name: string,
  body: (peers: DebianPeers) => void | Promise<void>,
): Promise<void> {
  const peers = await prepareDebianPeers()
  if (peers.kind === 'skip') {
    console.error(`${name} is skipped: ${peers.reason}`)
    suite(name, { skip: peers.reason }, () => {})
    return
  }
  suite(name, { concurrency: false }, () => body(peers))
}
