import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { runCli } from './cli.ts'

export interface CliResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process. */
export async function tocsin(args: readonly string[], stdin = ''): Promise<CliResult> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const texts = { out: '', err: '' }
  stdout.on('data', (chunk) => {
    texts.out += String(chunk)
  })
  stderr.on('data', (chunk) => {
    texts.err += String(chunk)
  })
  const streams = { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr, env: {} }
  const code = await runCli(args, streams)
  // What was written last is still on its way to the listeners.
  await setImmediate()
  return { code, ...texts }
}

/** A folder that is gone when the block ends. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** `count` failed logins of one address, one a second. */
export function failedLogins(address: string, count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const second = String(i % 60).padStart(2, '0')
    return `2026-11-03T06:00:${second}+00:00 web01 sshd[${1000 + i}]: Failed password for root from ${address} port ${40000 + i} ssh2\n`
  }).join('')
}
