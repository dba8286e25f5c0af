import { writeCrowdsecConfig } from '../system/support/crowdsec-config.ts'
import type { DebianPeers } from '../system/support/debian-packages.ts'
import { run } from '../system/support/run.ts'
import { SupervisedProcess } from '../system/support/supervised-process.ts'
import type { TemporaryFolder } from '../system/support/temporary-folder.ts'
import { tocsinMain, writeTocsinConfig } from '../system/support/tocsin-config.ts'
import { RawConnection, rawRequest } from './raw-connection.ts'

export const machine = { login: 'bench', password: 'bench-password' }
const serverCore = '0'

/** A Local API pinned to one core. */
export class BenchServer implements AsyncDisposable {
  readonly name: string
  readonly port: number
  readonly apiKey: string
  readonly #command: readonly string[]
  #running: SupervisedProcess | undefined

  constructor(name: string, port: number, apiKey: string, command: readonly string[]) {
    this.name = name
    this.port = port
    this.apiKey = apiKey
    this.#command = command
  }

  get pid(): number {
    return this.#running?.pid ?? 0
  }

  /** Starts it; gives the milliseconds until a lookup is answered. */
  async start(): Promise<number> {
    const startMs = performance.now()
    const args = ['-c', serverCore, ...this.#command]
    const running = new SupervisedProcess(this.name, 'taskset', args)
    this.#running = running
    await running.ready('a lookup is answered', () => this.#answers(), 300_000)
    return performance.now() - startMs
  }

  async stop(): Promise<void> {
    await this.#running?.stop('SIGTERM', 60_000)
    this.#running = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #answers(): Promise<boolean> {
    // Not up yet is a refused connection: asked again.
    using connection = await RawConnection.open(this.port)
    const headers = { 'x-api-key': this.apiKey }
    const { status } = await connection.send(
      rawRequest('GET', '/v1/decisions?ip=192.0.2.1', headers),
    )
    return status === 200
  }
}

export async function createTocsin(folder: TemporaryFolder): Promise<BenchServer> {
  const port = 18_080
  const socket = folder.path('tocsin.sock')
  const config = await writeTocsinConfig(folder, { port, socket })
  const tocsin = (...args: string[]) =>
    run(process.execPath, [tocsinMain, ...args, '-c', config], { timeoutMs: 60_000 })
  const { login, password } = machine
  await tocsin('machines', 'add', login, '--password', password, '-f', '/dev/null', '--force')
  const key = (await tocsin('bouncers', 'add', 'bench', '-o', 'raw')).trim()
  return new BenchServer('tocsin', port, key, [process.execPath, tocsinMain, 'lapi', '-c', config])
}

export async function createCrowdsec(
  folder: TemporaryFolder,
  peers: DebianPeers,
): Promise<BenchServer> {
  const port = 18_081
  const config = await writeCrowdsecConfig(folder, peers, { folder: 'peer', server: { port } })
  const cscli = (...args: string[]) => run(peers.cscli, ['-c', config, ...args])
  await cscli('machines', 'add', machine.login, '--password', machine.password, '-f', '/dev/null')
  const key = (await cscli('bouncers', 'add', 'bench', '-o', 'raw')).trim()
  return new BenchServer('crowdsec 1.4.6', port, key, [peers.crowdsec, '-c', config, '-no-cs'])
}
