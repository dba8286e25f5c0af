import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { createProgramRunner, type RunProgram } from '@tocsin/bouncer-firewall'
import { run } from './run.ts'
import { Sandbox } from './sandbox.ts'

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
 * Two machines joined by a cable: the host that is protected, a sandbox, and an attacker with as many
 * addresses as a test wants. Nothing of it touches the machine the test runs on.
 */
export class FirewallLab implements AsyncDisposable {
  readonly host: Sandbox
  readonly #attacker: string

  private constructor(host: Sandbox) {
    this.host = host
    this.#attacker = `${basename(host.folder)}-out`
  }

  static async create(name: string): Promise<FirewallLab> {
    const lab = new FirewallLab(await Sandbox.create(name))
    const attacker = lab.#attacker
    await run('ip', ['netns', 'add', attacker])
    const cable = ['wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', attacker]
    await lab.onHost('ip', 'link', 'add', ...cable)
    await lab.onHost('ip', 'link', 'set', 'wire', 'up')
    await lab.#outside('link', 'set', 'lo', 'up')
    await lab.#outside('link', 'set', 'wire', 'up')
    await lab.onHost('ip', 'address', 'add', '192.0.2.1/24', 'dev', 'wire')
    await lab.onHost('ip', 'address', 'add', '2001:db8::1/64', 'dev', 'wire', 'nodad')
    await lab.#outside('address', 'add', '192.0.2.2/24', 'dev', 'wire')
    await lab.#outside('address', 'add', '2001:db8::2/64', 'dev', 'wire', 'nodad')
    // Whatever address the attacker takes, answers find the way back.
    await lab.onHost('ip', 'route', 'add', 'default', 'via', '192.0.2.2')
    await lab.onHost('ip', 'route', 'add', 'default', 'via', '2001:db8::2')
    return lab
  }

  /** Runs the firewall's programs on the protected host. */
  get runProgram(): RunProgram {
    return createProgramRunner({ prefix: ['ip', 'netns', 'exec', basename(this.host.folder)] })
  }

  /** Runs a command to its end on the protected host. */
  onHost(command: string, ...args: string[]): Promise<string> {
    return this.host.run(command, args)
  }

  /** Whether a packet from this address reaches the host and an answer comes back. */
  async reaches(address: string): Promise<boolean> {
    const isIpv6 = address.includes(':')
    const own = isIpv6 ? [`${address}/128`, 'dev', 'lo', 'nodad'] : [`${address}/32`, 'dev', 'lo']
    await this.#outside('address', 'replace', ...own)
    const target = isIpv6 ? '2001:db8::1' : '192.0.2.1'
    const ping = ['ping', '-n', '-c', '1', '-W', '1', '-I', address, target]
    try {
      await run('ip', ['netns', 'exec', this.#attacker, ...ping])
      return true
    } catch {
      // No answer and no way are the same to a ping; the neighbours that pass show that there is one.
      return false
    } finally {
      await this.#outside('address', 'del', ...own.slice(0, 3))
    }
  }

  /** Fails unless every address comes through as it should. */
  async expect(passes: Readonly<Record<string, boolean>>): Promise<void> {
    const found: Record<string, boolean> = {}
    for (const address of Object.keys(passes)) found[address] = await this.reaches(address)
    assert.deepEqual(found, passes)
  }

  async #outside(...args: string[]): Promise<void> {
    await run('ip', ['-n', this.#attacker, ...args])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('ip', ['netns', 'del', this.#attacker])
    await this.host[Symbol.asyncDispose]()
  }
}
