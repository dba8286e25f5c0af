import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { failedLogins, temporaryFolder, tocsin } from '../cli.test-support.ts'
import type { DaemonStatus } from './status.ts'

const main = join(import.meta.dirname, '../main.ts')

/** A daemon in a process of its own, ready. */
async function startDaemon(folder: string): Promise<ChildProcess> {
  const args = ['run', '--state-dir', folder, '--listen', '127.0.0.1:0']
  const watch = ['--watch', `${join(folder, 'auth.log')}:syslog`]
  const child = spawn(process.execPath, [main, ...args, ...watch], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', () => reject(new Error('the daemon ended')))
  })
  // What is written before a log is opened for the first time was there before.
  await until(async () => (await statusOf(folder)).sources[0]?.streams === 1)
  return child
}

async function statusOf(folder: string): Promise<DaemonStatus> {
  const { out } = await tocsin(['status', '--state-dir', folder, '-o', 'json'])
  return JSON.parse(out) as DaemonStatus
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

async function decisionsAbout(folder: string, address: string): Promise<string[]> {
  const { out } = await tocsin(['why', address, '--state-dir', folder, '-o', 'json'])
  return JSON.parse(out).decisions.map((one: { type: string }) => one.type)
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await isTrue()) return
    await sleep(50)
  }
  throw new Error('did not come true')
}

suite('tocsin run', () => {
  test('lines become decisions, and buckets outlive a reload and a restart', async () => {
    using folder = temporaryFolder()
    const log = join(folder.path, 'auth.log')
    writeFileSync(log, '')
    const [early, late] = [failedLogins('45.9.148.3', 8), failedLogins('45.9.148.4', 8)]
    let daemon = await startDaemon(folder.path)
    try {
      appendFileSync(log, early)
      await until(async () => (await decisionsAbout(folder.path, '45.9.148.3')).length > 0)
      assert.match((await tocsin(['status', '--state-dir', folder.path])).out, /detecting only/)

      // Half an attack before, half after: neither half is enough for a decision.
      const lines = late.split('\n')
      appendFileSync(log, `${lines.slice(0, 4).join('\n')}\n`)
      await until(async () => (await statusOf(folder.path)).lines === 12)
      assert.deepEqual(await decisionsAbout(folder.path, '45.9.148.4'), [])
      assert.match((await tocsin(['reload', '--state-dir', folder.path])).out, /reloaded/)
      await stop(daemon, 'SIGTERM')
      daemon = await startDaemon(folder.path)
      appendFileSync(log, `${lines.slice(4, 8).join('\n')}\n`)
      await until(async () => (await decisionsAbout(folder.path, '45.9.148.4')).length > 0)
    } finally {
      await stop(daemon, 'SIGKILL')
    }
  })

  test('a command without a daemon says how to start one', async () => {
    using folder = temporaryFolder()
    const { code, err } = await tocsin(['status', '--state-dir', folder.path])
    assert.equal(code, 1)
    assert.match(err, /tocsin run/)
  })
})
