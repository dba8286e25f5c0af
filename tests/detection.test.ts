import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { promisify } from 'node:util'
import { AddressSet, parseAddress, parseAddressOrRange } from '@tocsin/address'
import { missingShared, sharedDirectory } from './shared.test-support.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../packages/tocsin/src/main.ts')

interface Workload {
  readonly mode: string
  readonly lines: number
  readonly rate: number
  readonly seed: number
  /** Least share of the attackers that must be found. */
  readonly recall: number
}

/** Each attacker makes enough requests to be told from a visitor. */
const workloads: readonly Workload[] = [
  { mode: 'web', lines: 60_000, rate: 1500, seed: 5, recall: 0.95 },
  { mode: 'ssh', lines: 60_000, rate: 1500, seed: 6, recall: 0.95 },
  { mode: 'carding', lines: 20_000, rate: 500, seed: 7, recall: 1 },
]

suite(
  'our own rules find attackers and leave visitors alone',
  {
    skip: missingShared('bench/generate.mjs'),
  },
  () => {
    let folder = ''
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'tocsin-detection-'))
    })
    after(() => rmSync(folder, { recursive: true, force: true }))

    for (const { mode, lines, rate, seed, recall } of workloads) {
      test(`${mode}, ${lines} lines`, async () => {
        const numbers = ['--lines', lines, '--rate', rate, '--seed', seed].map(String)
        const generator = join(sharedDirectory, 'bench/generate.mjs')
        await run(process.execPath, [generator, mode, ...numbers, '--out', folder])
        const log = join(folder, `${mode}.log`)
        const { stdout } = await run(process.execPath, [main, 'replay', log, '-o', 'json'], {
          maxBuffer: 1 << 30,
        })
        const truth = JSON.parse(readFileSync(join(folder, `${mode}.truth.json`), 'utf8'))
        const decided = new AddressSet()
        for (const { value } of JSON.parse(stdout).decisions) {
          const range = parseAddressOrRange(value)
          if (range) decided.add(range)
        }
        const isDecided = (text: string) => {
          const address = parseAddress(text)
          return address !== undefined && decided.has(address)
        }
        const found = truth.attackers.filter(isDecided).length
        assert.deepEqual(truth.visitors.filter(isDecided), [])
        assert.ok(found >= truth.attackers.length * recall, `${found} of ${truth.attackers.length}`)
      })
    }
  },
)
