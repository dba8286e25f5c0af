import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { SourceHealth, type VerdictChange } from './source-health.ts'
import { describeVerdict, isTrouble, verdicts } from './verdict.ts'

function rig() {
  const changes: VerdictChange[] = []
  const clock = { now: 0, nowMs: () => clock.now }
  const onChange = (change: VerdictChange) => changes.push(change)
  const health = new SourceHealth('file:x', { clock, onChange, idleAfterMs: 1000 })
  return { health, clock, changes, seen: () => changes.map((change) => change.now) }
}

const denied = { kind: 'permission-denied', message: 'a may not be read by this user' } as const
const missing = { kind: 'missing', message: 'b does not exist' } as const

suite('SourceHealth', () => {
  test('lines that parse make it healthy, silence idle, lines healthy again', () => {
    const { health, clock, seen } = rig()
    assert.equal(health.verdict, 'starting')
    health.count('a', 10, 3, 100)
    assert.equal(health.verdict, 'healthy')
    clock.now = 1000
    assert.equal(health.verdict, 'idle')
    health.count('a', 1, 0, 10)
    assert.equal(health.verdict, 'healthy')
    assert.deepEqual(seen(), ['healthy', 'idle', 'healthy'])
  })

  test('many lines and none parsed: no parser; the first parsed one ends that', () => {
    const { health, seen } = rig()
    health.count('a', 99, 0, 0)
    assert.equal(health.verdict, 'healthy')
    health.count('a', 1, 0, 0)
    assert.equal(health.verdict, 'no-parser')
    health.count('a', 2, 1, 0)
    assert.deepEqual(seen(), ['healthy', 'no-parser', 'healthy'])
  })

  test('a stream of which most lines parse stops: noticed within a hundred lines', () => {
    const { health, changes } = rig()
    health.count('a', 1000, 900, 0)
    health.count('a', 49, 0, 0)
    assert.equal(health.verdict, 'healthy')
    health.count('a', 1, 0, 0)
    assert.equal(health.verdict, 'stopped-parsing')
    assert.deepEqual(changes.at(-1), {
      ...{ source: 'file:x', before: 'healthy', now: 'stopped-parsing' },
      ...{ stream: 'a', reason: undefined },
    })
  })

  test('a stream of which few lines parse may go on for long without one', () => {
    const { health } = rig()
    health.count('a', 10_000, 100, 0)
    health.count('a', 1000, 0, 0)
    assert.equal(health.verdict, 'healthy')
    health.count('a', 1000, 0, 0)
    assert.equal(health.verdict, 'stopped-parsing')
  })

  test('one parsed line is no reason to expect more', () => {
    const { health } = rig()
    health.count('a', 1, 1, 0)
    health.count('a', 1000, 0, 0)
    assert.equal(health.verdict, 'healthy')
  })

  test('a file that is missing matters only when all are; one that is denied always', () => {
    const { health, changes } = rig()
    health.fail('b', missing)
    assert.equal(health.verdict, 'missing')
    health.count('a', 1, 1, 0)
    assert.equal(health.verdict, 'healthy')
    health.fail('c', denied)
    assert.equal(health.verdict, 'permission-denied')
    assert.equal(changes.at(-1)?.reason, denied.message)
    health.fail('c', denied)
    assert.equal(health.stream('c').troubleCount, 1, 'trouble that lasts counts once')
    health.recover('c')
    assert.equal(health.verdict, 'healthy')
    health.failAll({ kind: 'missing', message: 'journalctl is not installed' })
    assert.deepEqual(changes.at(-1)?.reason, 'journalctl is not installed')
    health.count('a', 1, 1, 0)
    assert.equal(health.verdict, 'healthy')
  })

  test('clients that are invented do not fill the memory', () => {
    const { health } = rig()
    for (let i = 0; i < 10_500; i++) health.count(`client ${i}`, 1, 1, 0)
    assert.equal(health.streams.length, 10_000)
  })

  test('nothing is announced unless it changed, and what is announced is so', () => {
    const step = fc.record({
      lines: fc.nat(200),
      parsedShare: fc.constantFrom(0, 0, 0.1, 1),
      afterMs: fc.nat(1500),
      denied: fc.boolean(),
    })
    const law = fc.property(fc.array(step), (steps) => {
      const { health, clock, changes } = rig()
      for (const { lines, parsedShare, afterMs, denied: isDenied } of steps) {
        clock.now += afterMs
        if (isDenied) health.fail('a', denied)
        else health.count('a', lines, Math.floor(lines * parsedShare), 0)
        const verdict = health.verdict
        assert.equal(changes.at(-1)?.now ?? 'starting', verdict)
      }
      for (const change of changes) assert.notEqual(change.before, change.now)
      changes.reduce((before, change) => {
        assert.equal(change.before, before)
        return change.now
      }, 'starting')
    })
    fc.assert(law)
  })
})

test('every verdict has its sentence; trouble is what one should look at', () => {
  for (const verdict of verdicts) assert.match(describeVerdict(verdict), /^[a-z].*[^.]$/)
  assert.deepEqual(
    verdicts.filter((verdict) => !isTrouble(verdict)),
    ['healthy', 'starting', 'idle'],
  )
})
