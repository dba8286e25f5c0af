import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { BouncerStatus, Verification } from '@tocsin/bouncer'
import type { Sandbox } from './sandbox.ts'
import type { SupervisedProcess } from './supervised-process.ts'
import { tocsinMain } from './tocsin-config.ts'

/** Our firewall bouncer in a sandbox, started as its administrator would. */
export class FirewallBouncer {
  readonly process: SupervisedProcess
  readonly #sandbox: Sandbox
  readonly #stateDirectory: string

  private constructor(process: SupervisedProcess, sandbox: Sandbox, stateDirectory: string) {
    this.process = process
    this.#sandbox = sandbox
    this.#stateDirectory = stateDirectory
  }

  static async start(
    sandbox: Sandbox,
    key: string,
    options: readonly string[] = [],
  ): Promise<FirewallBouncer> {
    const state = sandbox.path('bouncer')
    const args = ['bouncer', 'firewall', '--interval', '1s', '--state-dir', state, ...options]
    const started = sandbox.start('firewall', process.execPath, [tocsinMain, ...args], {
      TOCSIN_BOUNCER_KEY: key,
    })
    await started.ready('it enforces', () => started.output.includes('enforcing with'))
    return new FirewallBouncer(started, sandbox, state)
  }

  async status(): Promise<BouncerStatus> {
    return (await this.#ask('/status')) as BouncerStatus
  }

  async verify(): Promise<Verification> {
    return (await this.#ask('/verify')) as Verification
  }

  /** `tocsin bouncer verify`, as a person would read it; also when it finds differences. */
  async verifyCommand(): Promise<string> {
    const args = [tocsinMain, 'bouncer', 'verify', '--state-dir', this.#stateDirectory]
    try {
      return await this.#sandbox.run(process.execPath, args)
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }

  async #ask(path: string): Promise<unknown> {
    const socketPath = `${this.#stateDirectory}/bouncer-firewall.sock`
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    request({ socketPath, path }, (reply) => text(reply).then(resolve, reject))
      .on('error', reject)
      .end()
    return JSON.parse(await promise) as unknown
  }
}
