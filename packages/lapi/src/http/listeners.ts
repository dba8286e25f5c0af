import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs'
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import * as http2 from 'node:http2'
import { createSecureServer } from 'node:http2'
import type { Server, Socket } from 'node:net'
import type { Log } from '@tocsin/telemetry'
import type { TlsSettings } from '../auth/tls-settings.ts'

/** Where requests come in. */
export type ListenerKind = 'tcp' | 'socket'

/** Answers a request of any protocol; HTTP/2 requests look like those of HTTP/1.1. */
export type OnRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  listener: ListenerKind,
) => void

export interface Timeouts {
  /** From the connection to the last header. */
  readonly headersMs: number
  /** From the connection to the last byte of the body. */
  readonly requestMs: number
  /** Between two requests of a connection. */
  readonly idleMs: number
}

export const defaultTimeouts: Timeouts = { headersMs: 10_000, requestMs: 120_000, idleMs: 75_000 }

/** A place to listen at, open until it is disposed. */
export interface Listener extends AsyncDisposable {
  /** `http://127.0.0.1:8080`, or the path of the socket. */
  readonly address: string
  /** Uses other certificates from the next connection on; absent without TLS. */
  readonly renew?: (tls: TlsSettings) => void
}

interface ListenOptions {
  readonly timeouts: Timeouts
  readonly log: Log
}

/** Listens on `host:port`, with TLS when there are certificates, otherwise in the clear with HTTP/2 too. */
export async function listenTcp(
  place: { readonly host: string; readonly port: number },
  tls: TlsSettings | undefined,
  onRequest: OnRequest,
  options: ListenOptions,
): Promise<Listener> {
  const server = tls
    ? createTlsServer(tls, onRequest, options)
    : createClearServer(onRequest, 'tcp', options)
  await start(server, () => server.listen({ host: place.host, port: place.port }))
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : place.port
  const host = place.host.includes(':') ? `[${place.host}]` : place.host
  const listener = listenerOf(server, `${tls ? 'https' : 'http'}://${host}:${port}`)
  if (!('setSecureContext' in server)) return listener
  const secure = server as http2.Http2SecureServer
  return { ...listener, renew: ({ options: changed }) => secure.setSecureContext(changed) }
}

/** Listens on a Unix socket. A stale one is removed before, and ours at the end. */
export async function listenSocket(
  path: string,
  onRequest: OnRequest,
  options: ListenOptions,
): Promise<Listener> {
  const maxLength = process.platform === 'linux' ? 108 : 104
  const length = Buffer.byteLength(path)
  if (length > maxLength) {
    const limit = `(path length exceeds system limit: ${length} > ${maxLength})`
    throw new Error(`cannot listen on ${path} ${limit}`)
  }
  // Only a socket is ever removed: a path that was mistyped must not cost a file.
  if (existsSync(path) && lstatSync(path).isSocket()) unlinkSync(path)
  const server = createClearServer(onRequest, 'socket', options)
  await start(server, () => server.listen({ path }))
  // Its users count as this machine: only who could read the database anyway may connect.
  chmodSync(path, 0o660)
  return listenerOf(server, path)
}

function start(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.removeListener('error', reject)
      resolve()
    })
    listen()
  })
}

function listenerOf(server: Server, address: string): Listener {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return {
    address,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      if ('closeIdleConnections' in server) (server as HttpServer).closeIdleConnections()
      const patience = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, 1000)
      await closed
      clearTimeout(patience)
    },
  }
}

function createClearServer(
  onRequest: OnRequest,
  kind: ListenerKind,
  { timeouts, log }: ListenOptions,
): HttpServer {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    onRequest(request, response, kind)
  }
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.idleMs,
      connectionsCheckingInterval: Math.min(5_000, timeouts.headersMs),
    },
    answer,
  )
  const h2 = http2.createServer(http2Limits)
  h2.on('request', (request, response) => {
    answer(request as unknown as IncomingMessage, response as unknown as ServerResponse)
  })
  guardSessions(h2, timeouts, log)
  // The two speak the same port: the first bytes tell which it is.
  const countSilent = silenceCounter(log)
  const [serveHttp1] = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const decide = (isHttp2: boolean): void => {
      if (isHttp2) h2.emit('connection', socket)
      else serveHttp1?.call(server, socket)
    }
    tellApart(socket, timeouts.headersMs, decide, countSilent)
  })
  return server
}

const http2Limits = {
  maxSessionMemory: 64,
  settings: { maxConcurrentStreams: 100, maxHeaderListSize: 65_536 },
}

const preface = Buffer.from('PRI')

/** Counts connections that never said anything; thousands that end together are one line of the log. */
function silenceCounter(log: Log): () => void {
  let connections = 0
  const tell = (): void => {
    log.info({ connections }, 'closed connections that sent nothing in time')
    connections = 0
  }
  return () => {
    if (connections++ === 0) setTimeout(tell, 1_000).unref()
  }
}

/** Looks at the first bytes of a connection and puts them back. */
function tellApart(
  socket: Socket,
  timeoutMs: number,
  decide: (isHttp2: boolean) => void,
  onSilence: () => void,
): void {
  const giveUp = (): void => {
    socket.destroy()
  }
  const timer = setTimeout(() => {
    onSilence()
    giveUp()
  }, timeoutMs)
  socket.on('error', giveUp)
  // Who left without a word would keep a file open until the timer ends.
  socket.on('end', giveUp)
  socket.once('close', () => clearTimeout(timer))
  const look = (): void => {
    const head: Buffer | null = socket.read()
    if (head === null) {
      if (!socket.destroyed) socket.once('readable', look)
      return
    }
    socket.unshift(head)
    const known = Math.min(head.length, preface.length)
    const mayBeHttp2 = head.subarray(0, known).equals(preface.subarray(0, known))
    if (mayBeHttp2 && known < preface.length) {
      // One more look when more has come; the timer ends who sends nothing.
      setTimeout(() => socket.once('readable', look), 1)
      return
    }
    clearTimeout(timer)
    socket.removeListener('error', giveUp)
    socket.removeListener('end', giveUp)
    decide(mayBeHttp2)
  }
  socket.once('readable', look)
}

function createTlsServer(
  tls: TlsSettings,
  onRequest: OnRequest,
  { timeouts, log }: ListenOptions,
): Server {
  const server = createSecureServer({
    ...http2Limits,
    ...tls.options,
    allowHTTP1: true,
    handshakeTimeout: timeouts.headersMs,
  })
  // Those who speak HTTP/1.1 are bound by the same times as without TLS.
  Object.assign(server, {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.idleMs,
  })
  server.on('request', (request, response) => {
    onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse, 'tcp')
  })
  server.on('secureConnection', (socket) => {
    if (!tls.isAcceptable(socket)) socket.destroy()
  })
  server.on('tlsClientError', (error: Error) => {
    log.debug({ reason: error.message }, 'TLS handshake failed')
  })
  guardSessions(server, timeouts, log)
  return server
}

function guardSessions(
  server: http2.Http2Server | http2.Http2SecureServer,
  timeouts: Timeouts,
  log: Log,
): void {
  server.on('sessionError', (error: Error) => {
    log.debug({ reason: error.message }, 'HTTP/2 session failed')
  })
  server.on('session', (session: http2.Http2Session) => {
    session.setTimeout(timeouts.idleMs, () => session.close())
  })
  server.on('stream', (stream: http2.ServerHttp2Stream) => {
    stream.setTimeout(timeouts.requestMs, () => stream.close(http2.constants.NGHTTP2_CANCEL))
  })
}
