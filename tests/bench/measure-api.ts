import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { LapiClient } from '@tocsin/client'
import { alertBody, banBody } from '../system/support/samples.ts'
import { type BenchServer, machine } from './bench-server.ts'
import { type Load, type LoadOptions, load } from './load.ts'
import { readCpuSeconds, readMemory, resetPeak } from './process-stat.ts'
import { RawConnection, type RawReply, rawRequest } from './raw-connection.ts'

export interface MeasureOptions {
  readonly decisions: number
  readonly bouncers: number
  readonly seconds: number
  readonly talk: (sentence: string) => void
}

/** One measured number: `{ name: 'lookups', value: 21_000, unit: '/s' }`. */
export interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
}

const importSize = 100_000
const connections = 16

/** The address of the n-th decision: 45.0.0.0/8 in order, sixteen million of them. */
function addressOf(n: number): string {
  return `45.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
}

/** Asks one server everything, in one run. */
export async function measureApi(server: BenchServer, options: MeasureOptions): Promise<Measure[]> {
  const measures: Measure[] = []
  const add = (name: string, value: number, unit: string) => {
    measures.push({ name, value, unit })
    options.talk(`${server.name}: ${name} ${value.toFixed(value < 100 ? 2 : 0)} ${unit}`)
  }
  await server.start()
  await delay(2_000)
  add('memory, no decisions', readMemory(server.pid).nowMb, 'MB')
  add('import of 100,000 decisions', await importDecisions(server, 0, importSize), 's')
  for (let n = importSize; n < options.decisions; n += importSize) {
    options.talk(`${server.name}: ${n} decisions`)
    await importDecisions(server, n, Math.min(importSize, options.decisions - n))
  }
  await checkLookups(server, options.decisions)
  await server.stop()
  add('restart until a lookup is answered', (await server.start()) / 1000, 's')
  await delay(2_000)
  add('memory, idle', readMemory(server.pid).nowMb, 'MB')
  await measureLookups(server, options, add)
  await measureStreams(server, options, add)
  await measureAlerts(server, options, add)
  await server.stop()
  return measures
}

type Add = (name: string, value: number, unit: string) => void

/** One alert with many decisions, as an import is; gives seconds. */
async function importDecisions(server: BenchServer, from: number, count: number): Promise<number> {
  using client = createMachine(server)
  const decisions = Array.from({ length: count }, (_, i) =>
    banBody(addressOf(from + i), { origin: 'cscli-import', duration: '24h' }),
  )
  const source = { scope: '', value: '' }
  const alert = alertBody('', { decisions, source, remediation: false, events: [] })
  const startMs = performance.now()
  const ids = await client.pushAlerts([alert])
  assert.ok(ids.length > 0)
  return (performance.now() - startMs) / 1000
}

function createMachine(server: BenchServer): LapiClient {
  return new LapiClient({
    urls: [`http://127.0.0.1:${server.port}`],
    userAgent: 'tocsin-bench/v1.0',
    credentials: { kind: 'password', machineId: machine.login, password: machine.password },
    idleTimeoutMs: 600_000,
    retry: { attempts: 1 },
  })
}

/** The answer must be right before the clock starts. */
async function checkLookups(server: BenchServer, decisions: number): Promise<void> {
  using connection = await RawConnection.open(server.port)
  const bytesOf = async (address: string) => (await connection.send(lookup(server, address))).bytes
  assert.equal(await bytesOf('192.0.2.1'), 'null'.length)
  for (const n of [0, decisions >> 1, decisions - 1]) {
    assert.ok((await bytesOf(addressOf(n))) > 50, addressOf(n))
  }
}

function lookup(server: BenchServer, address: string): Buffer {
  return rawRequest('GET', `/v1/decisions?ip=${address}`, { 'x-api-key': server.apiKey })
}

async function measureLookups(
  server: BenchServer,
  { decisions, seconds }: MeasureOptions,
  add: Add,
): Promise<void> {
  // Most visitors are not known: one request in ten is about an address that is.
  const requests = Array.from({ length: 1_000 }, (_, i) =>
    lookup(server, i % 10 === 0 ? addressOf((i * 7919) % decisions) : `192.0.2.${i % 256}`),
  )
  const request = (n: number) => requests[n % requests.length] as Buffer
  const result = await loadReads(server, { seconds, request })
  add('lookups', result.perSecond, '/s')
  add('lookups a second of CPU', result.perCpuSecond, '')
  add('lookup, median', result.p50Ms, 'ms')
  add('lookup, 99 %', result.p99Ms, 'ms')
}

/** Requests that must all succeed, and how many the server does with a second of its processor. */
async function loadReads(
  server: BenchServer,
  options: Pick<LoadOptions, 'seconds' | 'request'>,
): Promise<Load & { readonly perCpuSecond: number }> {
  const { port, pid } = server
  const cpuBefore = readCpuSeconds(pid)
  const result = await load({ ...options, port, connections, expectedStatus: 200 })
  assert.equal(result.failures, 0)
  return { ...result, perCpuSecond: result.requests / (readCpuSeconds(pid) - cpuBefore) }
}

async function measureStreams(
  server: BenchServer,
  { bouncers, seconds }: MeasureOptions,
  add: Add,
): Promise<void> {
  const { reply, totalMs } = await startUp(server, '127.0.0.1')
  add('startup, first byte', reply.firstByteMs, 'ms')
  add('startup, complete', totalMs / 1000, 's')
  add('startup, size', reply.bytes / 1e6, 'MB')
  const headers = { 'x-api-key': server.apiKey }
  const request = rawRequest('GET', '/v1/decisions/stream?startup=false', headers)
  const empty = await loadReads(server, { seconds, request: () => request })
  add('empty deltas', empty.perSecond, '/s')
  add('empty deltas a second of CPU', empty.perCpuSecond, '')
  add('empty delta, 99 %', empty.p99Ms, 'ms')

  resetPeak(server.pid)
  const startMs = performance.now()
  const all = await Promise.all(
    Array.from({ length: bouncers }, (_, i) => startUp(server, `127.0.1.${i + 1}`)),
  )
  for (const { reply: other } of all) assert.ok(Math.abs(other.bytes - reply.bytes) < 1e5)
  const what = `${bouncers} bouncers starting at once`
  add(`${what}, all complete`, (performance.now() - startMs) / 1000, 's')
  add(`${what}, memory at most`, readMemory(server.pid).peakMb, 'MB')
  add(
    `${what}, slowest first byte`,
    Math.max(...all.map(({ reply: { firstByteMs } }) => firstByteMs)),
    'ms',
  )
}

/** A startup from an address of its own: servers keep a place in the stream for each. */
async function startUp(
  server: BenchServer,
  localAddress: string,
): Promise<{ reply: RawReply; totalMs: number }> {
  using connection = await RawConnection.open(server.port, localAddress)
  const headers = { 'x-api-key': server.apiKey }
  const startMs = performance.now()
  const reply = await connection.send(
    rawRequest('GET', '/v1/decisions/stream?startup=true', headers),
  )
  assert.equal(reply.status, 200)
  return { reply, totalMs: performance.now() - startMs }
}

async function measureAlerts(
  server: BenchServer,
  { seconds }: MeasureOptions,
  add: Add,
): Promise<void> {
  const token = await logIn(server)
  let address = 0
  for (const batch of [1, 50]) {
    const request = () => {
      const alerts = Array.from({ length: batch }, () => {
        const n = address++
        return alertBody(`46.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`)
      })
      const headers = { authorization: `Bearer ${token}` }
      return rawRequest('POST', '/v1/alerts', headers, JSON.stringify(alerts))
    }
    const { port } = server
    const result = await load({ port, connections: 8, seconds, expectedStatus: 201, request })
    add(`alerts stored, ${batch} a request`, result.perSecond * batch, '/s')
    if (result.failures > 0) add(`requests refused, ${batch} a request`, result.failures, '')
  }
}

async function logIn(server: BenchServer): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${server.port}/v1/watchers/login`, {
    method: 'POST',
    headers: { 'user-agent': 'tocsin-bench/v1.0' },
    body: JSON.stringify({ machine_id: machine.login, password: machine.password, scenarios: [] }),
  })
  const { token } = (await reply.json()) as { token: string }
  return token
}
