// node --expose-gc packages/store/bench/million.bench.ts
// What do a million live decisions cost: to import, at a restart, in memory, for a hundred bouncers at once?
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseAddressOrRange } from '@tocsin/address'
import { systemClock } from '@tocsin/model'
import { openStore, type Store } from '@tocsin/store'
import { silentLog } from '@tocsin/telemetry'
import { addressOf, alertOf, decision } from './workload.ts'

const million = 1_000_000
const perImport = 100_000
const bouncers = 100
const request = { filter: { scopes: ['Ip', 'Range'] }, isDeduplicated: true }
const [role, path = ''] = process.argv.slice(2)

const rss = () => `${Math.round(process.memoryUsage().rss / 1e6)} MB`
const since = (startMs: number) => Math.round(performance.now() - startMs)
const rate = (count: number, startMs: number) =>
  Math.round((count * 1_000) / (performance.now() - startMs)).toLocaleString('en')
const open = () =>
  openStore({ database: { type: 'sqlite', path } }, { clock: systemClock, log: silentLog })

if (role === 'build') await build()
else if (role === 'serve') await serve()
else if (role === 'pull') await pull(Number(path))
else await main()

/** Each part in a process of its own, so that one does not use the memory of the other. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'store-bench-'))
  const file = join(folder, 'bench.db')
  await run('build', file)
  console.log(`file: ${Math.round(statSync(file).size / 1e6)} MB`)
  await run('serve', file)
  rmSync(folder, { recursive: true })
}

function run(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, args, { execArgv: ['--expose-gc'] })
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0]}: ${code}`))))
  })
}

async function build(): Promise<void> {
  await using store = await open()
  for (let at = 0; at < million; at += perImport) {
    const list = Array.from({ length: perImport }, (_, i) => decision(at + i, 'CAPI', ''))
    const startMs = performance.now()
    await store.decisions.import(alertOf(list))
    console.log(`import ${perImport} onto ${at}: ${since(startMs)} ms`)
  }
  const list = Array.from({ length: perImport }, (_, i) => decision(i, 'CAPI', ''))
  const startMs = performance.now()
  await store.decisions.import(alertOf(list))
  console.log(`the same ${perImport} again: ${since(startMs)} ms`)
  assert.equal(store.decisions.size, million)
}

async function serve(): Promise<void> {
  const startMs = performance.now()
  await using store = await open()
  console.log(`restart to ready: ${since(startMs)} ms`)
  assert.equal(store.decisions.size, million)
  globalThis.gc?.()
  console.log(`idle: ${rss()}`)
  lookups(store)
  deltas(store)
  snapshot(store)
  await starts(store)
  await inserts(store)
}

function lookups(store: Store): void {
  const count = 100_000
  const ranges = Array.from({ length: count }, (_, i) => parseAddressOrRange(addressOf(i * 20)))
  const startMs = performance.now()
  let found = 0
  for (const range of ranges) if (range) found += store.decisions.query({ range }).length
  console.log(`lookups: ${rate(count, startMs)}/s`)
  assert.equal(found, million / 20)
}

function deltas(store: Store): void {
  const { position } = store.decisions.stream.open(request)
  const count = 100_000
  const startMs = performance.now()
  for (let i = 0; i < count; i++) {
    for (const _ of store.decisions.stream.open({ ...request, since: position }).chunks);
  }
  console.log(`empty deltas: ${rate(count, startMs)}/s`)
}

function snapshot(store: Store): void {
  const startMs = performance.now()
  let firstMs = 0
  let bytes = 0
  for (const chunk of store.decisions.stream.open(request).chunks) {
    bytes += chunk.length
    if (bytes > 100) firstMs ||= since(startMs)
  }
  console.log(`snapshot: first chunk ${firstMs} ms, ${since(startMs)} ms, ${bytes / 1e6} MB`)
}

/** A hundred bouncers that start at once, over HTTP, while the rest of the server writes. */
async function starts(store: Store): Promise<void> {
  const server = createServer((_, response) => {
    const { chunks } = store.decisions.stream.open(request)
    pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), response).catch(
      (error: unknown) => console.error(error),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  const { port } = server.address() as AddressInfo
  await run('pull', String(port))
  clearInterval(timer)
  server.close()
  console.log(`${bouncers} starts at once: at most ${Math.round(peak / 1e6)} MB`)
}

async function pull(port: number): Promise<void> {
  const startMs = performance.now()
  const one = () =>
    new Promise<[number, number]>((resolve, reject) => {
      const call = get({ port, host: '127.0.0.1', agent: false }, (response) => {
        const firstMs = since(startMs)
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
        })
        response.on('end', () => resolve([firstMs, bytes]))
      })
      call.on('error', reject)
    })
  const alone = await one()
  const aloneMs = since(startMs)
  console.log(`one start over HTTP: first byte ${alone[0]} ms, ${aloneMs} ms`)
  const results = await Promise.all(Array.from({ length: bouncers }, one))
  const firstMs = Math.max(...results.map(([ms]) => ms)) - aloneMs
  console.log(`${bouncers} starts at once: last first byte ${firstMs} ms`)
  const bytes = results.reduce((sum, [, own]) => sum + own, 0)
  console.log(`${bouncers} starts at once: ${since(startMs) - aloneMs} ms for ${bytes / 1e9} GB`)
}

async function inserts(store: Store): Promise<void> {
  const writers = 20
  const each = 250
  const startMs = performance.now()
  const write = async (writer: number) => {
    for (let i = 0; i < each; i++) {
      const one = decision(5 * million + writer * each + i, 'crowdsec', crypto.randomUUID())
      await store.alerts.insert([alertOf([one])])
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  console.log(`alerts, ${writers} writers, one each time: ${rate(writers * each, startMs)}/s`)
  console.log(`at the end: ${rss()}`)
}
