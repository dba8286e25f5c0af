import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { AddressRange } from '@tocsin/address'
import { type Operation, type OperationName, operations } from '@tocsin/protocol'
import type { Log } from '@tocsin/telemetry'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { FailureLimiter } from '../auth/failure-limiter.ts'
import type { TlsPeer } from '../auth/tls-peer.ts'
import { readTlsPeer } from '../auth/tls-settings.ts'
import type { LapiMetrics } from '../metrics.ts'
import type { Handler, Handlers, Identity } from '../routes/handler.ts'
import { type Answer, Refusal } from './answer.ts'
import { type BodyText, noBody, readBody } from './body.ts'
import type { Call } from './call.ts'
import { clientAddress, localAddress } from './client-address.ts'
import { methodsOf } from './known-paths.ts'
import type { ListenerKind } from './listeners.ts'
import { Query } from './query.ts'
import { sendAnswer } from './send-answer.ts'

export interface AppDeps {
  readonly handlers: Handlers
  readonly identify: (operation: Operation, call: Call) => Identity | Promise<Identity>
  readonly trustedProxies: readonly AddressRange[]
  readonly metrics: LapiMetrics
  readonly log: Log
  /** Says by address how often refusals are logged, by reason how often failures are. */
  readonly refusals: FailureLimiter
  readonly logsRequests: boolean
}

/** The application: every operation behind its route. Requests are handed to `serve`. */
export interface App extends AsyncDisposable {
  readonly serve: (
    request: IncomingMessage,
    response: ServerResponse,
    listener: ListenerKind,
  ) => void
}

/** What is known of requests and connections beside what they say. */
interface Origins {
  readonly listeners: WeakMap<IncomingMessage, ListenerKind>
  /** The certificate of a connection; false for none. */
  readonly peers: WeakMap<object, TlsPeer | false>
}

const mebibyte = 1024 * 1024
const openBodyLimit = 2 * mebibyte
const bodyLimit = 50 * mebibyte

/** Builds the routes; the listeners are made by others, as there may be several. */
export async function createApp(deps: AppDeps): Promise<App> {
  const origins: Origins = { listeners: new WeakMap(), peers: new WeakMap() }
  const fastify = Fastify({
    // Never listens: requests of all listeners come through `routing`.
    serverFactory: (handler) => createServer(handler),
    routerOptions: { maxParamLength: 4096 },
    exposeHeadRoutes: false,
    bodyLimit,
    frameworkErrors: (_error, _request, reply) => {
      const refused: FastifyReply = reply as unknown as FastifyReply
      refused.code(400).send('')
    },
  })
  // Whatever type a client gives its body, it is JSON; without one, some bodies would not be read.
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.headers['content-type'] = 'application/json'
    done()
  })
  fastify.removeAllContentTypeParsers()
  // Each operation reads its own body, once it knows who sends it.
  fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  for (const [name, operation] of Object.entries(operations)) {
    const handler = deps.handlers[name as OperationName]
    if (handler) addRoute(fastify, operation, handler, origins, deps)
  }
  fastify.setNotFoundHandler((request, reply) => answerUnknown(request, reply, deps.metrics))
  fastify.setErrorHandler((error, request, reply) => {
    const { statusCode } = error as { readonly statusCode?: number }
    // What the framework refuses is the client's doing.
    if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
      return reply.code(statusCode).send('')
    }
    reportFailure(error, request.method, request.url, deps)
    return reply.code(500).send('')
  })
  await fastify.ready()
  return {
    serve: (request, response, listener) => {
      origins.listeners.set(request, listener)
      fastify.routing(request, response)
    },
    async [Symbol.asyncDispose]() {
      await fastify.close()
    },
  }
}

function addRoute(
  fastify: FastifyInstance,
  operation: Operation,
  handler: Handler,
  origins: Origins,
  deps: AppDeps,
): void {
  const limit = operation.caller === 'anyone' ? openBodyLimit : bodyLimit
  const isCounted = operation.path !== '/health' && operation.path !== '/ready'
  fastify.route({
    method: operation.method,
    url: operation.path,
    handler: async (request, reply) => {
      // `/v1/alerts/` is no alert without a name, but `/v1/alerts` with one slash too many.
      if (Object.values(request.params as object).includes('')) {
        return answerUnknown(request, reply, deps.metrics)
      }
      const startedMs = performance.now()
      if (isCounted) deps.metrics.countRoute(operation.path, operation.method)
      const answer = await answerCall(request, operation, handler, limit, origins, deps)
      await sendAnswer(reply, answer)
      if (!isCounted) return reply
      const seconds = (performance.now() - startedMs) / 1000
      if (deps.logsRequests) {
        const { method, url, headers } = request
        const fields = { method, url, status: answer.status, seconds, agent: headers['user-agent'] }
        deps.log.debug(fields, 'request')
      }
      deps.metrics.observeDuration(operation.path, operation.method, seconds)
      return reply
    },
  })
}

async function answerCall(
  request: FastifyRequest,
  operation: Operation,
  handler: Handler,
  limit: number,
  origins: Origins,
  deps: AppDeps,
): Promise<Answer> {
  const call = callOf(request, origins, deps.trustedProxies)
  try {
    const identity = await deps.identify(operation, call)
    if (identity.kind === 'machine') {
      deps.metrics.countMachine(identity.machine.machineId, operation.path, operation.method)
    } else if (identity.kind === 'bouncer') {
      deps.metrics.countBouncer(identity.bouncer.name, operation.path, operation.method)
    }
    if (operation.body) {
      const encoding = call.headers['content-encoding']
      const body = await readBody(
        request.raw,
        typeof encoding === 'string' ? encoding : undefined,
        limit,
      )
      return await handler({ ...call, body }, identity)
    }
    return await handler(call, identity)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    logRefusal(error, call, operation, deps)
    return error.answer
  }
}

/** A wrong key or an old token is the operator's most frequent question: the log answers it. */
function logRefusal(
  { message, answer }: Refusal,
  call: Call,
  { method, path }: Operation,
  { log, refusals }: AppDeps,
): void {
  if (answer.status !== 401 && answer.status !== 403) return
  if (refusals.waitSeconds(call.ip) > 0) return
  refusals.addFailure(call.ip)
  const { status } = answer
  log.warn({ client: call.ip, agent: call.userAgent, method, path, status, message }, 'refused')
}

function callOf(
  request: FastifyRequest,
  { listeners, peers }: Origins,
  trustedProxies: readonly AddressRange[],
): Call {
  const { raw, headers } = request
  const isLocalSocket = listeners.get(raw) === 'socket'
  const peer = isLocalSocket ? localAddress : raw.socket?.remoteAddress
  const search = request.url.indexOf('?')
  const body: BodyText = noBody
  return {
    ip: clientAddress(peer, headers, trustedProxies),
    isLocalSocket,
    query: new Query(search < 0 ? '' : request.url.slice(search + 1)),
    params: request.params as Record<string, string>,
    headers,
    userAgent: headers['user-agent'] ?? '',
    isHead: request.method === 'HEAD',
    body,
    tlsPeer: readPeer(raw, peers),
  }
}

/** Read once a connection: the certificate does not change while it lasts. */
function readPeer(raw: IncomingMessage, peers: Origins['peers']): TlsPeer | undefined {
  const socket = raw.socket as Partial<TLSSocket> | undefined
  if (!socket?.encrypted || !socket.getPeerCertificate) return undefined
  const known = peers.get(socket)
  if (known !== undefined) return known || undefined
  const peer = readTlsPeer(socket as TLSSocket)
  peers.set(socket, peer ?? false)
  return peer
}

/** An unknown path, a method a path does not have, or one slash too many; never with a body. */
function answerUnknown(
  request: FastifyRequest,
  reply: FastifyReply,
  metrics: LapiMetrics,
): FastifyReply {
  metrics.countRoute('invalid-endpoint', request.method)
  const [path = '', search] = request.url.split('?', 2)
  const methods = methodsOf(path)
  if (methods.length > 0) {
    return reply.code(405).header('allow', methods.join(', ')).send('')
  }
  const trimmed = path.replace(/\/$/, '')
  if (trimmed !== path && methodsOf(trimmed).length > 0) {
    const location = search === undefined ? trimmed : `${trimmed}?${search}`
    const status = request.method === 'GET' ? 301 : 307
    return reply.code(status).header('location', location).send('')
  }
  return reply.code(404).send('')
}

/** A database that is away fails every request alike: its first failures are told, then one a minute. */
function reportFailure(
  error: unknown,
  method: string,
  url: string,
  { log, refusals }: AppDeps,
): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error) }
  const [path] = url.split('?', 1)
  const kind = `failure: ${message.slice(0, 200)}`
  if (refusals.waitSeconds(kind) > 0) return
  refusals.addFailure(kind)
  log.error({ method, path, reason: message, stack }, 'request failed')
}
