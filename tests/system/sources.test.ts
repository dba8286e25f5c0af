import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { FileSource, type Source, SyslogSource, type Verdict } from '@tocsin/acquisition'
import { createTextDict, systemClock } from '@tocsin/model'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const hasProgram = (name: string) => spawnSync('which', [name]).status === 0

/** A source that is read while the test runs. */
class Reading implements AsyncDisposable {
  readonly lines: string[] = []
  readonly #stop = new AbortController()
  readonly #running: Promise<void>

  constructor(source: Source) {
    this.#running = source.start((batch) => {
      this.lines.push(...batch.lines)
      return { parsedCount: batch.lines.length }
    }, this.#stop.signal)
  }

  async expect(...lines: (string | RegExp)[]): Promise<void> {
    for (let waits = 0; this.lines.length < lines.length && waits < 500; waits++) await pause(10)
    await pause(100)
    assert.equal(this.lines.length, lines.length, JSON.stringify(this.lines))
    for (const [i, line] of lines.entries()) {
      if (typeof line === 'string') assert.equal(this.lines[i], line)
      else assert.match(this.lines[i] ?? '', line)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }
}

const isRoot = process.getuid?.() === 0
const journald = '/lib/systemd/systemd-journald'
const hasJournal = isRoot && existsSync(journald) && hasProgram('unshare')

test('the journal of systemd, through a restart and a rotation', {
  skip: hasJournal ? false : 'needs root, unshare and systemd-journald',
}, () => {
  const reader = join(import.meta.dirname, 'sources', 'journal-reader.ts')
  // A journald of its own: the one of this machine, if it has one, does not notice.
  const script = `set -e
    mount -t tmpfs tmpfs /run/systemd
    mount -t tmpfs tmpfs /run/log
    mkdir -p /run/systemd/journal /run/log/journal
    ${journald} 2>/dev/null & daemon=$!
    for wait in $(seq 100); do [ -S /run/systemd/journal/socket ] && break; sleep 0.1; done
    "$1" "$2"
    kill $daemon`
  const arguments_ = ['-m', 'bash', '-c', script, 'bash', process.execPath, reader]
  const lines: string[] = JSON.parse(execFileSync('unshare', arguments_, { encoding: 'utf8' }))
  const form = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z \S+ sshd\[\d+\]: (.*)$/
  assert.deepEqual(
    lines.map((line) => form.exec(line)?.[1] ?? line),
    ['one', 'two', 'while nobody looked', 'in the next file', 'after that'],
  )
})

suite('syslog from logger', { skip: hasProgram('logger') ? false : 'needs logger' }, () => {
  const forms: Readonly<Record<string, readonly string[]>> = {
    'UDP, RFC 3164': ['-d', '--rfc3164'],
    'UDP, RFC 5424': ['-d', '--rfc5424'],
    'TCP, RFC 5424': ['-T', '--rfc5424'],
    'TCP, RFC 5424, counted': ['-T', '--rfc5424', '--octet-count'],
    'TCP, RFC 3164': ['-T', '--rfc3164'],
  }
  for (const [name, options] of Object.entries(forms)) {
    test(name, async () => {
      const source = new SyslogSource({
        ...{ address: '127.0.0.1', port: 0, protocol: options[0] === '-d' ? 'udp' : 'tcp' },
        ...{ maxMessageBytes: 2048, keepsForm: false },
        ...{ labels: createTextDict(), clock: systemClock },
      })
      await using reading = new Reading(source)
      for (let waits = 0; !source.listening && waits < 100; waits++) await pause(10)
      const port = String(source.listening?.port)
      const message = 'Failed password for root from 192.0.2.7 port 22 ssh2'
      const where = ['-n', '127.0.0.1', '-P', port, '-t', 'sshd-session', '--id=77']
      for (const end of ['a', 'b'])
        execFileSync('logger', [...where, ...options, `${message} ${end}`])
      const line = (end: string) =>
        new RegExp(`^\\S.* \\S+ sshd-session\\[77\\]: ${message} ${end}$`)
      await reading.expect(line('a'), line('b'))
    })
  }
})

suite('logrotate', { skip: hasProgram('logrotate') ? false : 'needs logrotate' }, () => {
  const manners = {
    create: 'create 0644',
    'create, dates': 'create 0644\n  dateext\n  dateformat -%Y%m%d-%s',
    copytruncate: 'copytruncate',
    'compress at once': 'create 0644\n  compress',
  }
  for (const [name, directives] of Object.entries(manners)) {
    for (const pattern of ['a.log', 'a.log*']) {
      test(`${name}, reading ${pattern}`, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'tocsin-logrotate-'))
        try {
          chmodSync(folder, 0o755)
          const log = join(folder, 'a.log')
          const path = join(folder, 'logrotate.conf')
          writeFileSync(path, `${log} {\n  rotate 9\n  ${directives}\n}\n`)
          chmodSync(path, 0o644)
          const line = (n: number) =>
            `Aug  1 12:00:00 host sshd[1]: a line of some length, number ${n}`
          writeFileSync(log, `${line(0)}\n`)
          await using reading = new Reading(
            new FileSource({
              ...{ filenames: [join(folder, pattern)], startAt: 'beginning' },
              ...{ labels: createTextDict(), clock: systemClock },
            }),
          )
          await reading.expect(line(0))
          for (const generation of [1, 2, 3]) {
            appendFileSync(log, `${line(2 * generation - 1)}\n`)
            execFileSync('logrotate', ['-f', '-s', join(folder, 'state'), path])
            appendFileSync(log, `${line(2 * generation)}\n`)
            // Names are made of seconds there.
            await pause(directives.includes('dateext') ? 1100 : 300)
          }
          await reading.expect(...[0, 1, 2, 3, 4, 5, 6].map(line))
        } finally {
          rmSync(folder, { recursive: true })
        }
      })
    }
  }
})

test('a log that may not be read is a verdict, and is read once it may be', {
  skip: isRoot ? false : 'needs root, to become somebody else',
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-denied-'))
  const nobody = 65_534
  try {
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'closed'), { mode: 0o700 })
    const log = join(folder, 'a.log')
    writeFileSync(log, 'old\n', { mode: 0o600 })
    const verdicts: Verdict[] = []
    process.seteuid?.(nobody)
    const source = new FileSource({
      ...{ filenames: [log, join(folder, 'closed', '*.log')] },
      ...{ labels: createTextDict(), clock: systemClock },
      onVerdict: ({ now }) => verdicts.push(now),
      timing: { safetyPollMs: 100 },
    })
    await using reading = new Reading(source)
    for (let waits = 0; verdicts.length === 0 && waits < 200; waits++) await pause(10)
    assert.deepEqual(verdicts, ['permission-denied'])
    const messages = source.health.streams.map(({ trouble }) => trouble?.message ?? '').sort()
    assert.match(messages.join('\n'), /a\.log may not be read by this user/)
    assert.match(messages.join('\n'), /closed cannot be listed/)
    process.seteuid?.(0)
    appendFileSync(log, 'new\n')
    chmodSync(log, 0o644)
    process.seteuid?.(nobody)
    // What was there when it began stays unread, as in a log that could be read.
    await reading.expect('new')
  } finally {
    process.seteuid?.(0)
    rmSync(folder, { recursive: true })
  }
})
