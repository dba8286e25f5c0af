/**
 * How long does a bouncer take to read a million decisions, and how much memory beyond what it keeps?
 * Run: node packages/client/bench/stream-parser.bench.ts
 */
import assert from 'node:assert/strict'
import { readDecisions } from '../src/read-decisions.ts'
import { StreamParser } from '../src/stream-parser.ts'

const count = 1_000_000
const chunkBytes = 64 * 1024

function createBody(): Buffer {
  const items = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      duration: '3h59m59s',
      id: n,
      origin: 'CAPI',
      scenario: 'crowdsecurity/ssh-bf',
      scope: 'Ip',
      type: 'ban',
      uuid: 'a0e2b1c4-5d6f-4a7b-8c9d-0e1f2a3b4c5d',
      value: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    }),
  )
  return Buffer.from(`{"new": [${items.join(',')}], "deleted": []}`)
}

const body = createBody()

function read(): number {
  let found = 0
  const parser = new StreamParser((_, items) => {
    found += readDecisions(JSON.parse(items), 'bench').length
  })
  for (let at = 0; at < body.byteLength; at += chunkBytes) {
    parser.push(body.subarray(at, at + chunkBytes))
  }
  assert.ok(parser.isComplete)
  return found
}

assert.equal(read(), count)
const rounds = Array.from({ length: 5 }, () => {
  const startMs = performance.now()
  read()
  return performance.now() - startMs
}).sort((a, b) => a - b)
const median = rounds[2] ?? 0
console.log(
  `${(body.byteLength / 1e6).toFixed(0)} MB, ${count.toLocaleString('en')} decisions: ` +
    `${median.toFixed(0)} ms (${rounds[0]?.toFixed(0)}–${rounds[4]?.toFixed(0)}), ` +
    `${(body.byteLength / 1e3 / median).toFixed(0)} MB/s`,
)
