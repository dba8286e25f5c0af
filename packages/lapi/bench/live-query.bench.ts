/**
 * How many live queries does one process answer, with how many decisions, and how long does one take?
 * Run: node packages/lapi/bench/live-query.bench.ts
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { alertRow } from '../src/testing/alert-row.ts'
import { TestLapi } from '../src/testing/test-lapi.ts'

const decisionCount = 100_000
const connections = 16
const seconds = 5

interface Job {
  readonly port: number
  readonly key: string
}

/** Asks over keep-alive connections until the time is over; the times of all answers. */
async function ask({ port, key }: Job): Promise<number[]> {
  const timesMs: number[] = []
  const endMs = performance.now() + seconds * 1000
  let n = 0
  const lane = () =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1').setNoDelay()
      let sentMs = 0
      let text = ''
      const send = () => {
        const ip = `10.${n & 255}.${(n >> 8) & 255}.${n++ % 251}`
        sentMs = performance.now()
        socket.write(
          `GET /v1/decisions?ip=${ip} HTTP/1.1\r\nHost: a\r\nUser-Agent: bench/v1\r\nX-Api-Key: ${key}\r\n\r\n`,
        )
      }
      socket.on('connect', send)
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        const head = text.indexOf('\r\n\r\n')
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
        if (head < 0 || text.length < head + 4 + length) return
        assert.match(text, /^HTTP\/1\.1 200 /)
        text = ''
        timesMs.push(performance.now() - sentMs)
        if (performance.now() < endMs) return send()
        socket.destroy()
        resolve()
      })
    })
  await Promise.all(Array.from({ length: connections }, lane))
  return timesMs
}

if (isMainThread) {
  await using lapi = await TestLapi.start({
    server: { neverBan: { ownAddresses: false, privateRanges: false } },
  })
  const untilMs = lapi.clock.nowMs() + 86_400_000
  const decisions = Array.from({ length: decisionCount }, (_, i) => ({
    uuid: '',
    origin: 'CAPI',
    type: 'ban',
    scope: 'Ip',
    value: `10.${i & 255}.${(i >> 8) & 255}.${(i >> 16) * 7}`,
    scenario: 's',
    isSimulated: false,
    untilMs,
  }))
  await lapi.store.alerts.insert([alertRow(decisions)])
  const { 'x-api-key': key = '' } = await lapi.bouncer()
  for (let run = 1; run <= 3; run++) {
    const workerData: Job = { port: lapi.port, key }
    const worker = new Worker(new URL(import.meta.url), { workerData })
    const timesMs: number[] = await new Promise((resolve) => worker.once('message', resolve))
    timesMs.sort((a, b) => a - b)
    const at = (share: number) => (timesMs[Math.floor(timesMs.length * share)] ?? 0).toFixed(2)
    const rate = Math.round(timesMs.length / seconds)
    const memory = Math.round(process.memoryUsage().rss / 1024 / 1024)
    console.log(
      `run ${run}: ${lapi.store.decisions.size} decisions, ${rate} queries/s, median ${at(0.5)} ms, p99 ${at(0.99)} ms, ${memory} MiB`,
    )
  }
} else {
  parentPort?.postMessage(await ask(workerData as Job))
}
