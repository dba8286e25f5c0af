import { connect, type Socket } from 'node:net'

/** What a request brought, its body counted and thrown away. */
export interface RawReply {
  readonly status: number
  readonly bytes: number
  /** From the request to the first byte of the body. */
  readonly firstByteMs: number
}

const headEnd = Buffer.from('\r\n\r\n')
const chunksEnd = Buffer.from('0\r\n\r\n')

/**
 * One kept HTTP connection that does as little as possible: a load generator must be faster than what
 * it loads. One request at a time.
 */
export class RawConnection implements Disposable {
  readonly #socket: Socket
  #resolve: ((reply: RawReply) => void) | undefined
  #reject: ((error: Error) => void) | undefined
  #head: Buffer = Buffer.alloc(0)
  #tail: Buffer = Buffer.alloc(0)
  #status = 0
  #startMs = 0
  #firstByteMs = 0
  #bytes = 0
  /** Of the body; -1 while the head is read, Infinity when it comes in chunks. */
  #length = -1

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data) => this.#read(data as Buffer))
    socket.on('error', (error) => this.#reject?.(error))
    socket.on('close', () => this.#reject?.(new Error('the server closed the connection')))
  }

  static async open(port: number, localAddress = '127.0.0.1'): Promise<RawConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const socket = connect({ port, host: '127.0.0.1', localAddress }, resolve)
    socket.once('error', reject)
    await promise
    socket.off('error', reject)
    return new RawConnection(socket)
  }

  /** Sends the bytes of a whole request. */
  send(request: Buffer | string): Promise<RawReply> {
    const { promise, resolve, reject } = Promise.withResolvers<RawReply>()
    this.#resolve = resolve
    this.#reject = reject
    this.#startMs = performance.now()
    this.#length = -1
    this.#bytes = 0
    this.#socket.write(request)
    return promise
  }

  [Symbol.dispose](): void {
    this.#reject = undefined
    this.#socket.destroy()
  }

  #read(data: Buffer): void {
    let body = data
    if (this.#length === -1) {
      const head = this.#head.byteLength === 0 ? data : Buffer.concat([this.#head, data])
      const end = head.indexOf(headEnd)
      if (end < 0) {
        this.#head = head
        return
      }
      this.#readHead(head.toString('latin1', 0, end + 2))
      this.#head = Buffer.alloc(0)
      body = head.subarray(end + 4)
    }
    if (this.#bytes === 0) this.#firstByteMs = performance.now() - this.#startMs
    this.#bytes += body.byteLength
    if (this.#bytes >= this.#length || this.#isLastChunk(body)) this.#finish()
  }

  #readHead(head: string): void {
    this.#status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)
    const isChunked = /\r\ntransfer-encoding: *chunked\r\n/i.test(head)
    this.#length = length ? Number(length[1]) : isChunked ? Infinity : 0
  }

  /** The end of a chunked body may itself be cut. */
  #isLastChunk(body: Buffer): boolean {
    if (this.#length !== Infinity) return false
    this.#tail =
      body.byteLength >= chunksEnd.byteLength
        ? body.subarray(-chunksEnd.byteLength)
        : Buffer.concat([this.#tail, body]).subarray(-chunksEnd.byteLength)
    return this.#tail.equals(chunksEnd)
  }

  #finish(): void {
    const resolve = this.#resolve
    this.#resolve = undefined
    this.#reject = undefined
    resolve?.({ status: this.#status, bytes: this.#bytes, firstByteMs: this.#firstByteMs })
  }
}

/** The bytes of a request. */
export function rawRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Buffer {
  const lines = Object.entries({
    host: 'localhost',
    'user-agent': 'tocsin-bench/v1.0',
    ...headers,
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...(method === 'POST' && { 'content-length': String(Buffer.byteLength(body)) }),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}
