import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { createTextDict, systemClock } from '@tocsin/model'
import type { VerdictChange } from './health/source-health.ts'
import { readJournalEntry } from './journal-entry.ts'
import { refuseJournalArgument } from './journal-filter.ts'
import { JournalSource, type JournalSourceOptions } from './journal-source.ts'
import { sourceContract } from './source-contract.test-support.ts'

const fake = join(import.meta.dirname, 'fake-journalctl.test-support.ts')

function journal() {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-journal-'))
  const file = join(folder, 'journal')
  writeFileSync(file, '')
  let count = 0
  return {
    file,
    /** Writes entries that read as `Jan  1 00:00:00 host prog[1]: message 3`. */
    write: (...lines: readonly string[]) => {
      const entries = lines.map((line) => ({
        ...{ __CURSOR: `s=a;i=${++count}`, __REALTIME_TIMESTAMP: '1785585600500000' },
        ...{ _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'prog', _PID: '1' },
        MESSAGE: line.slice(line.indexOf(']: ') + 3),
      }))
      appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    },
    create: (options: Partial<JournalSourceOptions> = {}) =>
      new JournalSource({
        ...{ filters: ['_SYSTEMD_UNIT=a.service'], labels: createTextDict(), clock: systemClock },
        ...{ command: [process.execPath, fake, file], restartMs: 5, ...options },
      }),
    calls: () => readFileSync(`${file}.log`, 'utf8').split('\n').slice(0, -1),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  }
}

sourceContract('JournalSource', async () => {
  const rig = journal()
  // It begins where the journal ends: what is written before it looks would not be seen.
  let isFirst = true
  return {
    resumes: true,
    create: () => rig.create(),
    write: async (...lines) => {
      if (isFirst) await waitFor(() => rig.calls().length > 0).catch(() => {})
      isFirst = false
      rig.write(...lines)
    },
    arrives: (line) => line.replace('Jan  1 00:00:00', '2026-08-01T12:00:00.5Z'),
    [Symbol.asyncDispose]: rig[Symbol.asyncDispose],
  }
})

async function waitFor(holds: () => boolean): Promise<void> {
  for (let waits = 0; waits < 500; waits++) {
    try {
      if (holds()) {
        // Its first look comes right after it has said that it runs.
        await new Promise((resolve) => setTimeout(resolve, 30))
        return
      }
    } catch {
      // The file is not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it did not come')
}

suite('JournalSource', () => {
  test('no shell, filters last, and a restart goes on at the cursor', async () => {
    await using rig = journal()
    const source = rig.create({ filters: ['_SYSTEMD_UNIT=a.service', '; echo $(id)'] })
    const stop = new AbortController()
    const lines: string[] = []
    const take = (batch: { lines: readonly string[] }) => ({
      parsedCount: lines.push(...batch.lines),
    })
    const running = source.start(take, stop.signal, { cursor: 's=a;i=0' })
    rig.write('x]: one')
    await waitFor(() => lines.length === 1)
    stop.abort()
    await running
    assert.deepEqual(source.position(), { cursor: 's=a;i=1' })
    assert.equal(
      rig.calls()[0],
      '--output=json --all --no-pager --follow --no-tail --after-cursor=s=a;i=0 ' +
        '_SYSTEMD_UNIT=a.service ; echo $(id)',
    )
  })

  test('a program that ends is started again, ever more rarely, and has a verdict', async () => {
    await using rig = journal()
    const changes: VerdictChange[] = []
    const source = rig.create({ filters: ['_EXIT=1'], onVerdict: (change) => changes.push(change) })
    const stop = new AbortController()
    const running = source.start(() => ({ parsedCount: 0 }), stop.signal)
    await waitFor(() => rig.calls().length >= 3)
    stop.abort()
    await running
    assert.equal(changes.length, 1)
    assert.equal(changes[0]?.now, 'unreadable')
    assert.match(rig.calls()[0] ?? '', /--lines=0/)
    assert.match(rig.calls()[1] ?? '', /--no-tail --since=@\d+/)
  })

  const complaints = {
    'permission-denied':
      '_COMPLAIN=Hint: You are currently not seeing messages from other users and the system.',
    missing: '_COMPLAIN=No journal files were found.',
  }
  for (const [verdict, filter] of Object.entries(complaints)) {
    test(`${filter}: ${verdict}`, async () => {
      await using rig = journal()
      const source = rig.create({ filters: [filter, '_EXIT=1'] })
      const stop = new AbortController()
      const running = source.start(() => ({ parsedCount: 0 }), stop.signal)
      await waitFor(() => source.health.verdict === verdict)
      stop.abort()
      await running
    })
  }

  test('without journalctl it is missing, and says why', async () => {
    await using rig = journal()
    const changes: VerdictChange[] = []
    const source = rig.create({
      command: ['/nowhere/journalctl'],
      onVerdict: (change) => changes.push(change),
    })
    const stop = new AbortController()
    const running = source.start(() => ({ parsedCount: 0 }), stop.signal)
    await waitFor(() => changes.length > 0)
    stop.abort()
    await running
    assert.equal(changes[0]?.now, 'missing')
    assert.equal(changes[0]?.reason, 'journalctl is not installed')
  })

  test('in mode cat it reads what is there and ends', async () => {
    await using rig = journal()
    rig.write('x]: one', 'x]: two')
    const lines: string[] = []
    await rig.create({ mode: 'cat' }).start((batch) => {
      lines.push(...batch.lines)
      return { parsedCount: 0 }
    }, new AbortController().signal)
    assert.equal(lines.length, 2)
  })
})

suite('readJournalEntry', () => {
  const base = {
    ...{ __CURSOR: 'c', __REALTIME_TIMESTAMP: '1785585600000001', _HOSTNAME: 'h' },
    ...{ SYSLOG_IDENTIFIER: 'sshd', _PID: '7', MESSAGE: 'hello' },
  }
  const time = '2026-08-01T12:00:00.000001Z'
  const cases: Readonly<Record<string, readonly [fields: object, line: string]>> = {
    plain: [{}, `${time} h sshd[7]: hello`],
    'the time of the sender': [
      { _SOURCE_REALTIME_TIMESTAMP: '1785585599000000' },
      '2026-08-01T11:59:59Z h sshd[7]: hello',
    ],
    bytes: [{ MESSAGE: [104, 105, 255] }, `${time} h sshd[7]: hi\ufffd`],
    'two of a field': [{ MESSAGE: ['one', 'two'] }, `${time} h sshd[7]: one`],
    'no message': [{ MESSAGE: null }, ''],
    'several lines are one': [
      { MESSAGE: 'a\nAug  1 00:00:00 h sshd[1]: Failed' },
      `${time} h sshd[7]: a Aug  1 00:00:00 h sshd[1]: Failed`,
    ],
    'a program without identifier': [
      { SYSLOG_IDENTIFIER: undefined, _COMM: 'cron', _PID: undefined },
      `${time} h cron: hello`,
    ],
    'a process id that is none': [{ _PID: '7]: x' }, `${time} h sshd: hello`],
  }
  for (const [name, [fields, line]] of Object.entries(cases)) {
    test(name, () => {
      assert.equal(readJournalEntry(JSON.stringify({ ...base, ...fields }))?.line, line)
    })
  }

  test('a message of a megabyte is cut', () => {
    const entry = readJournalEntry(JSON.stringify({ ...base, MESSAGE: 'x'.repeat(1e6) }))
    assert.equal(entry?.line.length, 64 * 1024)
    assert.equal(entry?.isTruncated, true)
  })

  for (const text of [
    '',
    '-- No entries --',
    '{}',
    '[]',
    'null',
    '{"MESSAGE":"x"}',
    '{"__CURSOR":',
  ]) {
    test(`${text} is none`, () => assert.equal(readJournalEntry(text), undefined))
  }
})

suite('journalctl_filter', () => {
  const taken = [
    '_SYSTEMD_UNIT=a',
    '+',
    '-u',
    '-ussh',
    'ssh',
    '--unit=ssh',
    '-k',
    '-b-1',
    '-qm',
    '--directory=/x',
  ]
  for (const argument of taken) {
    test(`${argument} is taken`, () => assert.equal(refuseJournalArgument(argument), undefined))
  }
  const refused = [
    '--vacuum-size=1',
    '--rotate',
    '-f',
    '-n',
    '-o',
    '--output=cat',
    '-qf',
    '-r',
    '-',
    '--',
  ]
  for (const argument of refused) {
    test(`${argument} is refused`, () => assert.ok(refuseJournalArgument(argument)))
  }
})
