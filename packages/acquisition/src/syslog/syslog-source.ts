import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, isIP, type Server, type Socket } from 'node:net'
import type { Clock, TextDict } from '@tocsin/model'
import { type Log, silentLog } from '@tocsin/telemetry'
import type { KindReading, SourceKind } from '../config/source-kind.ts'
import { deliver } from '../deliver.ts'
import { troubleOf } from '../errno.ts'
import { Bell } from '../file/bell.ts'
import { SourceHealth, type VerdictChange } from '../health/source-health.ts'
import { rest } from '../rest.ts'
import type { LineOrigin, Sink, Source } from '../source.ts'
import type { Transform } from '../transform.ts'
import { SyslogFraming } from './syslog-framing.ts'
import { readSyslogMessage, stripPriority } from './syslog-message.ts'

export interface SyslogSourceOptions {
  readonly name?: string
  /** An address, not a name. */
  readonly address: string
  readonly port: number
  readonly protocol: 'udp' | 'tcp'
  /** Datagrams beyond it are cut. */
  readonly maxMessageBytes: number
  /** Takes off the priority only, whatever follows. */
  readonly keepsForm: boolean
  readonly labels: TextDict
  readonly clock: Clock
  readonly log?: Log
  readonly transform?: Transform | undefined
  readonly onVerdict?: (change: VerdictChange) => void
  /** The wait before a port that could not be had is tried again. */
  readonly retryMs?: number
}

const defaultAddress = '127.0.0.1'
const defaultPort = 514
const defaultMaxMessageBytes = 2048
const defaultRetryMs = 10_000
/** Messages that wait for the sink; a sender beyond that waits (TCP) or loses (UDP). */
const mostWaiting = 20_000
const mostPerBatch = 1000
const mostConnections = 1024

/** `source: syslog` */
export const syslogKind: SourceKind = {
  module: 'syslog',
  read: (reading) => {
    const { reader, mode, modeSpan, problems } = reading
    const address = reader.text('listen_addr') || defaultAddress
    if (isIP(address) === 0) {
      const message = `listen_addr must be an address, not "${address}"`
      problems.error(reader.span('listen_addr'), 'TOC_ACQUIS_LISTEN', message)
    }
    const port = reader.integer('listen_port') || defaultPort
    if (port < 1 || port > 65_535) {
      const message = `listen_port must be from 1 to 65535, not ${port}`
      problems.error(reader.span('listen_port'), 'TOC_ACQUIS_LISTEN', message)
    }
    const maxMessageBytes = reader.integer('max_message_len') || defaultMaxMessageBytes
    const keepsForm = reader.boolean('disable_rfc_parser') ?? false
    const protocol = readProtocol(reading)
    if (mode === 'cat') {
      const message = 'a syslog source has no end: mode must be tail'
      problems.error(modeSpan, 'TOC_ACQUIS_MODE', message)
    }
    const options = { address, port, maxMessageBytes, keepsForm, protocol }
    return {
      subject: `${protocol}:${address}:${port}`,
      create: ({ mode: _, ...parts }) => new SyslogSource({ ...parts, ...options }),
    }
  },
}

function readProtocol({ reader, problems }: KindReading): 'udp' | 'tcp' {
  const text = reader.text('protocol')?.toLowerCase() || 'udp'
  if (text === 'tcp' || text === 'udp') return text
  const message = `protocol must be udp or tcp, not "${text}"`
  problems.error(reader.span('protocol'), 'TOC_ACQUIS_PROTOCOL', message)
  return 'udp'
}

interface Message {
  readonly client: string
  readonly text: string
  readonly isTruncated: boolean
}

/**
 * Receives syslog from the network. It cannot go back: what came and was not acknowledged when the
 * process ends is gone, and what came while it did not listen never was.
 */
export class SyslogSource implements Source {
  readonly module = 'syslog'
  readonly name: string
  readonly labels: TextDict
  readonly health: SourceHealth
  /** Datagrams that nobody took in time. */
  droppedCount = 0
  /** Messages that were no syslog. */
  unreadableCount = 0
  /** Where it listens; undefined while it does not. */
  listening: { readonly address: string; readonly port: number } | undefined
  readonly #options: SyslogSourceOptions
  readonly #log: Log
  readonly #bell = new Bell()
  readonly #sockets = new Set<Socket>()
  #waiting: Message[] = []

  constructor(options: SyslogSourceOptions) {
    this.#options = options
    this.#log = options.log ?? silentLog
    const { protocol, address, port, clock, onVerdict } = options
    this.name = options.name ?? `syslog:${protocol}:${address}:${port}`
    this.labels = options.labels
    this.health = new SourceHealth(this.name, { clock, ...(onVerdict && { onChange: onVerdict }) })
  }

  position(): undefined {
    return undefined
  }

  async start(sink: Sink, signal: AbortSignal): Promise<void> {
    const ring = () => this.#bell.ring()
    signal.addEventListener('abort', ring)
    try {
      while (!signal.aborted) {
        using listener = await this.#listen()
        if (!listener) {
          await rest(this.#options.retryMs ?? defaultRetryMs, signal)
          continue
        }
        while (!signal.aborted && listener.isOpen()) {
          await this.#deliverWaiting(sink)
          await this.#bell.wait(1000)
        }
      }
    } finally {
      signal.removeEventListener('abort', ring)
      this.listening = undefined
    }
  }

  /** Starts to listen; undefined, with a verdict, when the port cannot be had. */
  async #listen(): Promise<Listener | undefined> {
    const { address, port, protocol } = this.#options
    try {
      const listener = await (protocol === 'udp' ? this.#listenUdp() : this.#listenTcp())
      this.health.failAll(undefined)
      return listener
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      const message = `cannot listen on ${protocol} ${address} port ${port}: ${reason}`
      this.health.failAll({ kind: troubleOf(cause), message })
      return undefined
    }
  }

  #listenUdp(): Promise<Listener> {
    const { address, port, maxMessageBytes } = this.#options
    const socket = createSocket({ type: isIP(address) === 6 ? 'udp6' : 'udp4' })
    socket.on('message', (bytes, { address: client }) => {
      if (this.#waiting.length >= mostWaiting) {
        this.droppedCount++
        return
      }
      const isTruncated = bytes.length > maxMessageBytes
      this.#receive(bytes.toString('utf8', 0, maxMessageBytes), client, isTruncated)
    })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ address, port }, () => {
        this.listening = socket.address()
        resolve(this.#watch(socket, () => socket.close()))
      })
    })
  }

  #listenTcp(): Promise<Listener> {
    const { address, port } = this.#options
    const server = createServer((socket) => this.#serve(socket))
    server.maxConnections = mostConnections
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: address, port }, () => {
        const place = server.address()
        if (typeof place === 'object' && place) this.listening = place
        resolve(
          this.#watch(server, () => {
            server.close()
            for (const socket of this.#sockets) socket.destroy()
          }),
        )
      })
    })
  }

  /** A socket that breaks later is opened again. */
  #watch(socket: UdpSocket | Server, close: () => void): Listener {
    let isOpen = true
    socket.removeAllListeners('error')
    socket.on('error', (error: Error) => {
      this.#log.warn({ source: this.name, reason: error.message }, 'stopped listening')
      isOpen = false
      this.#bell.ring()
    })
    return { isOpen: () => isOpen, [Symbol.dispose]: close }
  }

  #serve(socket: Socket): void {
    const client = socket.remoteAddress ?? 'unknown'
    const framing = new SyslogFraming()
    this.#sockets.add(socket)
    socket.on('data', (chunk) => {
      framing.push(chunk as Buffer, (text) =>
        this.#receive(text, client, framing.truncatedCount > 0),
      )
      framing.truncatedCount = 0
      // Taken up again once the sink has caught up.
      if (this.#waiting.length >= mostWaiting) for (const open of this.#sockets) open.pause()
    })
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', (error) => {
      // A client that breaks off is its own affair.
      this.#log.debug({ source: this.name, client, reason: error.message }, 'client broke off')
    })
  }

  #receive(text: string, client: string, isTruncated: boolean): void {
    this.#waiting.push({ client, text, isTruncated })
    this.#bell.ring()
  }

  async #deliverWaiting(sink: Sink): Promise<void> {
    const { clock, transform } = this.#options
    const tools = { clock, health: this.health, transform }
    while (this.#waiting.length > 0) {
      const { client, count } = this.#firstRun()
      const run = this.#waiting.slice(0, count)
      const lines: string[] = []
      let byteCount = 0
      for (const { text } of run) {
        byteCount += Buffer.byteLength(text)
        const line = this.#read(text)
        if (line === undefined) this.unreadableCount++
        else lines.push(line)
      }
      const truncatedCount = run.filter((message) => message.isTruncated).length
      const origin: LineOrigin = { name: client, module: this.module, labels: this.labels }
      await deliver({ origin, lines, byteCount, truncatedCount }, sink, tools, () => {
        this.#waiting = this.#waiting.slice(count)
      })
    }
    for (const socket of this.#sockets) socket.resume()
  }

  /** How many of the messages that wait are of the client of the first. */
  #firstRun(): { client: string; count: number } {
    const client = this.#waiting[0]?.client ?? ''
    let count = 1
    while (count < mostPerBatch && this.#waiting[count]?.client === client) count++
    return { client, count }
  }

  #read(text: string): string | undefined {
    const { keepsForm, clock } = this.#options
    return keepsForm ? stripPriority(text) : readSyslogMessage(text, clock.nowMs()).line
  }
}

interface Listener extends Disposable {
  isOpen(): boolean
}
