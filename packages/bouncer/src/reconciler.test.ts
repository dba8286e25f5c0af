import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { silentLog } from '@tocsin/telemetry'
import { DesiredSet, type DesiredSetOptions } from './desired-set.ts'
import { EnforcerError } from './enforcer.ts'
import { MemoryEnforcer } from './memory-enforcer.ts'
import { Reconciler } from './reconciler.ts'
import { decision, rangeOf } from './testing/enforcer-contract.ts'

const startMs = 1_767_225_600_000

function scene(options: DesiredSetOptions & { readonly room?: number } = {}) {
  const clock = { ms: startMs, nowMs: () => clock.ms }
  const enforcer = new MemoryEnforcer({ clock, ...(options.room && { room: options.room }) })
  const desired = new DesiredSet(options)
  const newReconciler = () =>
    new Reconciler({ enforcer, desired, clock, log: silentLog, random: () => 0.5 })
  const add = (...values: string[]) =>
    desired.add(
      values.map((value, i) => decision(value, { id: i + 1 })),
      clock.ms,
    )
  return { clock, enforcer, desired, reconciler: newReconciler(), newReconciler, add }
}

suite('Reconciler', () => {
  test('counts what others did, and repairs it at the next reading', async () => {
    const { clock, enforcer, reconciler, add } = scene()
    add('192.0.2.1', '192.0.2.2', '192.0.2.3')
    await reconciler.sync()
    enforcer.forgetBan(rangeOf('192.0.2.2'))
    clock.ms += 1_000
    assert.equal((await reconciler.sync()).drift, 0)
    clock.ms += 30_000
    const report = await reconciler.sync()
    assert.deepEqual([report.isAudited, report.drift, report.added], [true, 1, 1])
    clock.ms += 30_000
    assert.equal((await reconciler.sync()).drift, 0)
  })

  test('a table that is gone is found at once', async () => {
    const { enforcer, reconciler, add } = scene()
    add('192.0.2.1', '192.0.2.2')
    await reconciler.sync()
    enforcer.forget()
    const report = await reconciler.sync()
    assert.deepEqual([report.isRebuilt, report.drift, report.enforced], [true, 2, 2])
  })

  test('what ends by itself is no drift', async () => {
    const { clock, desired, reconciler } = scene()
    desired.add([decision('192.0.2.1', { duration: '20s' })], clock.ms)
    await reconciler.sync()
    clock.ms += 60_000
    const report = await reconciler.sync()
    assert.deepEqual([report.drift, report.expected, report.removed], [0, 0, 0])
  })

  test('without room for all it keeps the important ones, and tries again later', async () => {
    const { clock, desired, reconciler } = scene({ room: 60 })
    const of = (i: number, origin: string) =>
      decision(`192.0.2.${i}`, { id: i, origin, duration: '4h' })
    const all = Array.from({ length: 100 }, (_, i) => of(i, i < 50 ? 'crowdsec' : 'lists'))
    desired.add(all, clock.ms)
    const report = await reconciler.sync()
    assert.ok(report.enforced > 50 && report.enforced <= 60, `${report.enforced}`)
    const ours = [...(reconciler.held?.bans() ?? [])].filter((ban) => ban.origin === 'crowdsec')
    assert.equal(ours.length, 50)
    desired.delete(all.slice(50))
    clock.ms += 11 * 60_000
    assert.equal((await reconciler.sync()).expected, 50)
    assert.equal(desired.capacity, Number.POSITIVE_INFINITY)
  })

  test('what refuses every change is asked a few times, then said', async () => {
    const { enforcer, reconciler, add } = scene()
    let asked = 0
    enforcer.apply = async () => {
      asked++
      throw new EnforcerError('TOC_BOUNCER_CONFLICT', 'no')
    }
    add('192.0.2.1')
    await assert.rejects(reconciler.sync(), { code: 'TOC_BOUNCER_CONFLICT' })
    assert.equal(asked, 4)
  })

  test('what is refused twice is made anew', async () => {
    const { enforcer, reconciler, add } = scene()
    const real = enforcer.apply.bind(enforcer)
    add('192.0.2.1')
    await reconciler.sync()
    enforcer.apply = async (change) => {
      if (!change.rebuild) throw new EnforcerError('TOC_BOUNCER_CONFLICT', 'no')
      await real(change)
    }
    add('192.0.2.1', '192.0.2.2')
    const report = await reconciler.sync()
    assert.deepEqual([report.isRebuilt, report.enforced], [true, 2])
  })

  test('what is told to be done and is not is found by the test', async () => {
    const { enforcer, reconciler, add } = scene()
    enforcer.blocks = async (addresses) => addresses.map(() => false)
    add('192.0.2.1')
    await assert.rejects(reconciler.sync(), /192\.0\.2\.1 should be kept out by memory and is not/)
  })

  test('inspecting changes nothing', async () => {
    const { enforcer, reconciler, add } = scene()
    add('192.0.2.1')
    await reconciler.sync()
    enforcer.forgetBan(rangeOf('192.0.2.1'))
    const { plan, isWhole } = await reconciler.inspect()
    assert.deepEqual([plan.add.size, plan.expected, plan.standing, isWhole], [1, 1, 0, true])
    assert.equal((await enforcer.read()).bans.size, 0)
  })

  test('protected addresses that change are allowed from then on', async () => {
    const { desired, enforcer, reconciler, add } = scene()
    add('192.0.2.0/24')
    await reconciler.sync()
    assert.equal(enforcer.has(rangeOf('192.0.2.7').first), true)
    desired.protect([rangeOf('192.0.2.7'), rangeOf('192.0.2.7/32')])
    await reconciler.sync()
    assert.equal(enforcer.has(rangeOf('192.0.2.7').first), false)
  })
})
