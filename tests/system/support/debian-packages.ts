import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'

/** Unpacked into a folder, never installed: their scripts would start services on this machine. */
const unpacked = ['crowdsec', 'crowdsec-firewall-bouncer', 'crowdsec-custom-bouncer']
/** Programs and libraries these need, by what shows that they are there. */
const installed: Readonly<Record<string, readonly string[]>> = {
  iproute2: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'],
  nftables: ['/usr/sbin/nft'],
  'libsqlite3-0': [
    '/usr/lib/x86_64-linux-gnu/libsqlite3.so.0',
    '/usr/lib/aarch64-linux-gnu/libsqlite3.so.0',
  ],
}

/** Where the programs of the packages are. */
export interface DebianPeers {
  readonly kind: 'ready'
  readonly crowdsec: string
  readonly cscli: string
  readonly firewallBouncer: string
  readonly customBouncer: string
  /** The hub as the package brings it. */
  readonly hub: string
  /** `patterns` and other files of `/etc/crowdsec`. */
  readonly etc: string
}

export type Preparation = DebianPeers | { readonly kind: 'skip'; readonly reason: string }

/** Makes the Debian packages usable; once for all test files, the rest find them unpacked. */
export async function prepareDebianPeers(): Promise<Preparation> {
  if (process.platform !== 'linux') return skip('network namespaces need Linux')
  if (process.getuid?.() !== 0) return skip('network namespaces and nftables need root')
  try {
    const missing = Object.keys(installed).filter((name) => !installed[name]?.some(existsSync))
    // Not in a folder anyone may write to: root runs what is in it.
    const folder = join(import.meta.dirname, '../../../node_modules/.cache/debian-packages')
    const isUnpacked = existsSync(join(folder, 'complete'))
    if (missing.length > 0 || !isUnpacked) await run('apt-get', ['-qq', 'update'], slow)
    if (missing.length > 0) {
      await run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...missing], slow)
    }
    if (!isUnpacked) await unpack(folder)
    // Containers may have root, but not the right to make networks and rules in them.
    await run('unshare', ['--net', 'nft', 'list', 'ruleset'])
    return {
      kind: 'ready',
      crowdsec: join(folder, 'usr/bin/crowdsec'),
      cscli: join(folder, 'usr/bin/cscli'),
      firewallBouncer: join(folder, 'usr/bin/crowdsec-firewall-bouncer'),
      customBouncer: join(folder, 'usr/bin/crowdsec-custom-bouncer'),
      hub: join(folder, 'usr/share/crowdsec/hub'),
      etc: join(folder, 'etc/crowdsec'),
    }
  } catch (error) {
    return skip(
      `the Debian packages cannot be used: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

const slow = { timeoutMs: 180_000, env: { DEBIAN_FRONTEND: 'noninteractive' } }

async function unpack(folder: string): Promise<void> {
  const work = `${folder}.${process.pid}`
  await mkdir(work, { recursive: true })
  await run('apt-get', ['-qq', 'download', ...unpacked], { ...slow, cwd: work })
  for (const file of await readdir(work)) {
    if (file.endsWith('.deb')) await run('dpkg', ['-x', file, '.'], { cwd: work })
  }
  await writeFile(join(work, 'complete'), '')
  await rm(folder, { recursive: true, force: true })
  await rename(work, folder)
}

function skip(reason: string): Preparation {
  return { kind: 'skip', reason }
}
