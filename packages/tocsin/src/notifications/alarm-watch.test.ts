import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { describeVerdict, type Verdict } from '@tocsin/acquisition'
import { AlarmWatch } from './alarm-watch.ts'

/** Runs a source through verdicts, each for some minutes, and tells what was raised and cleared. */
function tell(...steps: readonly (readonly [Verdict, minutes: number])[]): string[] {
  const told: string[] = []
  let nowMs = 0
  const watch = new AlarmWatch(
    {
      raise: ({ kind, message }) => told.push(`raise ${kind}: ${message}`),
      clear: (kind, subject) => kind !== 'api-lost' && told.push(`clear ${kind} ${subject}`),
    },
    { nowMs: () => nowMs },
  )
  for (const [verdict, minutes] of steps) {
    for (let seconds = 0; seconds < minutes * 60; seconds += 10) {
      const description = describeVerdict(verdict)
      const source = {
        name: 'auth.log',
        type: 'syslog',
        verdict,
        description,
        streams: 1,
        lines: 0,
        parsed: 0,
      }
      watch.check({ sources: [source], alerts_waiting: 0 })
      nowMs += 10_000
    }
  }
  return told
}

suite('sources', () => {
  test('one that broke is told once, and that it works again', () => {
    assert.deepEqual(tell(['healthy', 3], ['stopped-parsing', 30], ['healthy', 3]), [
      'raise source-broken: auth.log no longer has lines that a parser takes; has its format changed?',
      'clear source-broken auth.log',
    ])
  })

  test('a rotation is nobody’s concern', () => {
    assert.deepEqual(tell(['healthy', 3], ['missing', 0.5], ['healthy', 3]), [])
  })

  test('a file that was read and is gone', () => {
    assert.equal(tell(['healthy', 3], ['missing', 3]).length, 1)
  })

  test('a file that never was there', () => {
    assert.deepEqual(tell(['missing', 60]), [])
  })

  test('silence after lines, then another trouble', () => {
    assert.deepEqual(
      tell(['healthy', 3], ['idle', 3], ['permission-denied', 3]).map(
        (line) => line.split(':', 1)[0],
      ),
      ['raise source-silent', 'clear source-silent auth.log', 'raise source-broken'],
    )
  })

  test('one that never had a line may stay silent', () => {
    assert.deepEqual(tell(['starting', 3], ['idle', 60]), [])
  })
})

test('alerts that wait for five minutes', () => {
  const told: string[] = []
  let nowMs = 0
  const watch = new AlarmWatch(
    { raise: ({ message }) => told.push(message), clear: (kind) => told.push(`clear ${kind}`) },
    { nowMs: () => nowMs },
  )
  for (const waiting of [3, 4]) {
    watch.check({ sources: [], alerts_waiting: waiting })
    nowMs += 300_000
  }
  watch.check({ sources: [], alerts_waiting: 0 })
  assert.deepEqual(told, ['the Local API takes no alerts, 4 wait', 'clear api-lost'])
})
