/**
 * What does it cost when many bouncers start at once on a long list, and when they ask again?
 * Run: node packages/lapi/bench/stream.bench.ts
 */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { alertRow } from '../src/testing/alert-row.ts'
import { TestLapi } from '../src/testing/test-lapi.ts'

const decisionCount = 300_000
const bouncers = 100

interface Job {
  readonly port: number
  readonly keys: readonly string[]
  readonly query: string
}

interface Pull {
  readonly firstByteMs: number
  readonly totalMs: number
  readonly bytes: number
}

function pull(port: number, key: string, query: string): Promise<Pull> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const path = `/v1/decisions/stream?${query}`
    const headers = { 'x-api-key': key, 'user-agent': 'bench/v1' }
    const options = { port, host: '127.0.0.1', path, headers, agent: false }
    const call = request(options, (reply) => {
      assert.equal(reply.statusCode, 200)
      let firstByteMs = 0
      let bytes = 0
      reply.on('data', (chunk: Buffer) => {
        firstByteMs ||= performance.now() - startedMs
        bytes += chunk.length
      })
      reply.on('end', () => resolve({ firstByteMs, totalMs: performance.now() - startedMs, bytes }))
    })
    call.on('error', reject).end()
  })
}

if (isMainThread) {
  await using lapi = await TestLapi.start()
  const untilMs = lapi.clock.nowMs() + 86_400_000
  for (let from = 0; from < decisionCount; from += 10_000) {
    const decisions = Array.from({ length: 10_000 }, (_, i) => ({
      uuid: '',
      origin: 'CAPI',
      type: 'ban',
      scope: 'Ip',
      value: `11.${(from + i) & 255}.${((from + i) >> 8) & 255}.${(from + i) >> 16}`,
      scenario: 'crowdsecurity/http-probing',
      isSimulated: false,
      untilMs,
    }))
    await lapi.store.alerts.insert([alertRow(decisions)])
  }
  const keys: string[] = []
  for (let i = 0; i < bouncers; i++) {
    keys.push((await lapi.bouncer(`wall${i}`))['x-api-key'] ?? '')
  }
  const restMiB = Math.round(process.memoryUsage().rss / 2 ** 20)
  for (const query of ['startup=true', 'startup=true', '']) {
    const job: Job = { port: lapi.port, keys, query }
    const worker = new Worker(new URL(import.meta.url), { workerData: job })
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 20)
    const pulls: Pull[] = await new Promise((resolve) => worker.once('message', resolve))
    clearInterval(watch)
    const sorted = (pick: (pull: Pull) => number) => pulls.map(pick).sort((a, b) => a - b)
    const first = sorted(({ firstByteMs }) => firstByteMs)
    const total = sorted(({ totalMs }) => totalMs)
    const show = (list: number[], share: number) =>
      Math.round(list[Math.floor((list.length - 1) * share)] ?? 0)
    console.log(
      `${bouncers} bouncers, ${query || 'delta'}: ${pulls[0]?.bytes} bytes each, first byte ${show(first, 0.5)} ms (worst ${show(first, 1)}), whole ${show(total, 0.5)} ms (worst ${show(total, 1)}), ${Math.round(peak / 2 ** 20)} MiB at most, ${restMiB} before`,
    )
  }
} else {
  const { port, keys, query } = workerData as Job
  parentPort?.postMessage(await Promise.all(keys.map((key) => pull(port, key, query))))
}
