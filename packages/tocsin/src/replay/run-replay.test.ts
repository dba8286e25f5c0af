import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCli } from '../cli.ts'
import type { Streams } from '../terminal/streams.ts'

const sample = join(import.meta.dirname, '../../sample')

async function replay(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const sink = (add: (text: string) => void) => ({
    isTTY: false,
    write: (text: string, done?: () => void) => {
      add(text)
      done?.()
      return true
    },
  })
  const status = await runCli(['replay', '-o', 'json', '--year', '2026', ...args], {
    stdin: process.stdin,
    stdout: sink((text) => {
      out += text
    }),
    stderr: sink((text) => {
      err += text
    }),
    env: {},
  } as unknown as Streams)
  return { status, out, err }
}

/** The report without what differs from run to run. */
function comparable(json: string): object {
  const { seconds, load_seconds, lines_per_second, ...rest } = JSON.parse(json) as Record<
    string,
    unknown
  >
  assert.ok([seconds, load_seconds, lines_per_second].every((value) => typeof value === 'number'))
  return rest
}

test('the report is the same with any number of workers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-'))
  try {
    const strange = join(folder, 'strange.log')
    const long = 'x'.repeat(100_000)
    writeFileSync(strange, `<>\n${long}\n${'nobody knows this\r\n'.repeat(3000)}é\0 end`)
    const empty = join(folder, 'empty.log')
    writeFileSync(empty, '')
    const logs = [join(sample, 'auth.log'), empty, join(sample, 'nginx-access.log'), folder]
    const forced = ['--type', 'syslog', strange]
    for (const args of [logs, forced]) {
      const alone = await replay(...args, '--workers', '1')
      assert.ok(JSON.parse(alone.out).lines > 100)
      for (const workers of ['2', '3']) {
        const run = await replay(...args, '--workers', workers)
        assert.deepEqual(comparable(run.out), comparable(alone.out))
        assert.equal(run.err, alone.err)
        assert.equal(run.status, alone.status)
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
