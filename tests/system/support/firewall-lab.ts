import { existsSync } from 'node:fs'
import { createProgramRunner, type RunProgram } from '@tocsin/bouncer-firewall'
import { run } from './run.ts'
import { TemporaryFolder } from './temporary-folder.ts'

const programs = ['nft', 'ip', 'ping']

/** Why firewalls cannot be tested here; undefined when they can. */
export function whyNoFirewallLab(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces and nftables need root'
  const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
  const missing = programs.filter((name) => !folders.some((at) => existsSync(`${at}/${name}`)))
  return missing.length > 0 ? `missing: ${missing.join(', ')}` : undefined
}

/**
 * Two machines joined by a cable: the host that is protected, and an attacker with as many addresses
 * as a test wants. Nothing of it touches the machine the test runs on.
 */
export class FirewallLab extends TemporaryFolder {
  readonly host: string
  readonly attacker: string

  private constructor(folder: string, name: string) {
    super(folder)
    this.host = `${name}-host`
    this.attacker = `${name}-out`
  }

  static override async create(name: string): Promise<FirewallLab> {
    const folder = await TemporaryFolder.make(name)
    const lab = new FirewallLab(folder, `toc${folder.slice(-6)}`)
    const { host, attacker } = lab
    await run('ip', ['netns', 'add', host])
    await run('ip', ['netns', 'add', attacker])
    await run('ip', [
      'link',
      'add',
      'wire',
      'netns',
      host,
      'type',
      'veth',
      'peer',
      'name',
      'wire',
      'netns',
      attacker,
    ])
    for (const side of [host, attacker]) {
      await lab.ip(side, 'link', 'set', 'lo', 'up')
      await lab.ip(side, 'link', 'set', 'wire', 'up')
    }
    await lab.ip(host, 'address', 'add', '192.0.2.1/24', 'dev', 'wire')
    await lab.ip(host, 'address', 'add', '2001:db8::1/64', 'dev', 'wire', 'nodad')
    await lab.ip(attacker, 'address', 'add', '192.0.2.2/24', 'dev', 'wire')
    await lab.ip(attacker, 'address', 'add', '2001:db8::2/64', 'dev', 'wire', 'nodad')
    // Whatever address the attacker takes, answers find the way back.
    await lab.ip(host, 'route', 'add', 'default', 'via', '192.0.2.2')
    await lab.ip(host, 'route', 'add', 'default', 'via', '2001:db8::2')
    return lab
  }

  /** Runs the firewall's programs on the protected host. */
  get runProgram(): RunProgram {
    return createProgramRunner({ prefix: ['ip', 'netns', 'exec', this.host] })
  }

  async ip(side: string, ...args: string[]): Promise<void> {
    await run('ip', ['-n', side, ...args])
  }

  /** Runs a command to its end on the protected host. */
  onHost(command: string, ...args: string[]): Promise<string> {
    return run('ip', ['netns', 'exec', this.host, command, ...args], { cwd: this.folder })
  }

  /** Whether a packet from this address reaches the host and an answer comes back. */
  async reaches(address: string): Promise<boolean> {
    const isIpv6 = address.includes(':')
    const prefix = isIpv6 ? `${address}/128` : `${address}/32`
    const target = isIpv6 ? '2001:db8::1' : '192.0.2.1'
    const nodad = isIpv6 ? ['nodad'] : []
    await this.ip(this.attacker, 'address', 'replace', prefix, 'dev', 'lo', ...nodad)
    try {
      const args = ['-n', '-c', '1', '-W', '1', '-I', address, target]
      await run('ip', ['netns', 'exec', this.attacker, 'ping', ...args])
      return true
    } catch {
      // The one failure that ping has when nothing answers; what else is wrong shows as one too many.
      return false
    } finally {
      await this.ip(this.attacker, 'address', 'del', prefix, 'dev', 'lo')
    }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await run('ip', ['netns', 'del', this.host])
    await run('ip', ['netns', 'del', this.attacker])
    await super[Symbol.asyncDispose]()
  }
}
