import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'

/** A decision as a Local API would say it. */
export interface StreamedDecision {
  readonly id: number
  readonly origin: string
  readonly type: string
  readonly scope: string
  readonly value: string
  readonly duration: string
  readonly scenario: string
}

/**
 * The stream of a Local API at a Unix socket, made of what a test puts in: a million decisions, hostile
 * ones, none at all. Forgets what it told as soon as it told it.
 */
export class FakeLapi implements AsyncDisposable {
  readonly socket: string
  /** What a startup gets. */
  all: readonly StreamedDecision[] = []
  #added: StreamedDecision[] = []
  #deleted: StreamedDecision[] = []
  #server: Server | undefined

  constructor(socket: string) {
    this.socket = socket
  }

  tell(added: readonly StreamedDecision[], deleted: readonly StreamedDecision[] = []): void {
    this.#added.push(...added)
    this.#deleted.push(...deleted)
  }

  async open(): Promise<void> {
    await rm(this.socket, { force: true })
    const server = createServer((request, response) => {
      const isStartup = request.url?.includes('startup=true') ?? false
      response.writeHead(200, { 'content-type': 'application/json' })
      if (request.method === 'HEAD') return response.end()
      const added = isStartup ? this.all : this.#added
      const deleted = isStartup ? [] : this.#deleted
      this.#added = []
      this.#deleted = []
      response.write('{"new": [')
      for (let i = 0; i < added.length; i += 1_000) {
        const items = added.slice(i, i + 1_000).map((decision) => JSON.stringify(decision))
        response.write((i > 0 ? ',' : '') + items.join(','))
      }
      response.write('], "deleted": [')
      response.write(deleted.map((decision) => JSON.stringify(decision)).join(','))
      return response.end(']}')
    })
    await new Promise<void>((resolve) => server.listen(this.socket, resolve))
    this.#server = server
  }

  /** Answers nobody from now on. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    server?.closeAllConnections()
    if (server) await new Promise((resolve) => server.close(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** A ban of four hours, told by this machine. */
export function streamed(
  id: number,
  value: string,
  changes: Partial<StreamedDecision> = {},
): StreamedDecision {
  return {
    id,
    origin: 'crowdsec',
    type: 'ban',
    scope: value.includes('/') ? 'Range' : 'Ip',
    value,
    duration: '4h0m0s',
    scenario: 'tocsin/system-test',
    ...changes,
  }
}

/** The `i`-th of many addresses, spread over the Internet, never the same twice. */
export function spreadAddress(i: number): string {
  const bits = Math.imul(i, 2_654_435_761) >>> 0
  const first = 11 + ((bits >>> 24) % 100)
  return `${first}.${(bits >>> 16) & 255}.${(i >>> 8) & 255}.${i & 255}`
}
