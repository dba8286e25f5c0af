import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly body?: string
  readonly headers?: Record<string, string>
  /** Never answers. */
  readonly hangs?: boolean
}

/** An HTTP server on this machine that keeps what it is sent. */
export class TestHttpServer implements AsyncDisposable {
  readonly received: Received[] = []
  readonly #server: Server
  /** Answers, first to last; the last one is repeated. */
  answers: Answer[] = [{ status: 200, body: 'ok' }]

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(where: { readonly socket?: string } = {}): Promise<TestHttpServer> {
    const server = createServer()
    const created = new TestHttpServer(server)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        created.received.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
        const answer = (created.answers.length > 1
          ? created.answers.shift()
          : created.answers[0]) ?? { status: 500 }
        if (answer.hangs) return
        response.writeHead(answer.status, answer.headers).end(answer.body)
      })
    })
    await new Promise<void>((resolve) => {
      if (where.socket === undefined) server.listen(0, '127.0.0.1', resolve)
      else server.listen(where.socket, resolve)
    })
    return created
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** A mail server that takes what it is sent, or refuses as told. */
export class TestSmtpServer implements AsyncDisposable {
  readonly commands: string[] = []
  readonly mails: string[] = []
  /** What it answers to commands that begin so, instead of taking them. */
  readonly refusals: Record<string, string> = {}
  #sockets = new Set<Socket>()
  readonly #server = createTcpServer((socket) => this.#serve(socket))

  static async start(): Promise<TestSmtpServer> {
    const created = new TestSmtpServer()
    await new Promise<void>((resolve) => created.#server.listen(0, '127.0.0.1', resolve))
    return created
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    const say = (line: string) => socket.write(`${line}\r\n`)
    let buffer = ''
    let mail: string | undefined
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      buffer += chunk.toString()
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 2)
        if (mail !== undefined && line !== '.') {
          mail += `${line}\n`
        } else if (mail !== undefined) {
          this.mails.push(mail)
          mail = undefined
          say('250 taken')
        } else {
          this.commands.push(line)
          const refusal = Object.entries(this.refusals).find(([start]) =>
            line.startsWith(start),
          )?.[1]
          if (refusal !== undefined) say(refusal)
          else if (line.startsWith('EHLO')) say('250-test\r\n250 AUTH PLAIN LOGIN CRAM-MD5')
          else if (line.startsWith('AUTH PLAIN')) say('235 welcome')
          else if (line.startsWith('DATA')) {
            mail = ''
            say('354 go on')
          } else say('250 ok')
        }
      }
    })
    say('220 test')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** A folder that is gone when the block ends. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-notify-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
