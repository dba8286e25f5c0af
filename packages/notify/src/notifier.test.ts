import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { HttpCall } from './channels/send-http.ts'
import { createNotifier, testNotification } from './notifier.ts'
import { readGood, TestTime, testAlert, testLog, testServices } from './notify.test-support.ts'
import { sampleAlert } from './sample-alert.ts'

type Outcome = number | Error

/** A notifier of one http notification over a network that answers as told, in time that stands still. */
function scene(more = '', outcomes: Outcome[] = []) {
  return sceneOf(
    `type: http\nname: ops\nurl: https://ops.example/T0KENT0KEN\nmethod: POST\nformat: '{{range .}}{{.GetValue}};{{end}}'\n${more}`,
    outcomes,
  )
}

function sceneOf(yaml: string, outcomes: Outcome[] = []) {
  const time = new TestTime()
  const log = testLog()
  const bodies: string[] = []
  const atMs: number[] = []
  const startMs = time.nowMs()
  const notifications = readGood(yaml)
  const sendHttp = async (call: HttpCall) => {
    bodies.push(call.body)
    atMs.push(time.nowMs() - startMs)
    const outcome = outcomes.shift() ?? 200
    if (typeof outcome === 'number') return { status: outcome, text: '', retryAfterMs: undefined }
    throw outcome
  }
  const deps = { clock: time, log, variables: {}, timers: time, random: () => 0.5, sendHttp }
  const notifier = createNotifier(notifications, deps)
  const push = (...values: string[]) => {
    for (const value of values) notifier.notify(['ops'], testAlert(value))
  }
  return { time, log, bodies, atMs, notifier, push, notifications, deps }
}

suite('grouping', () => {
  test('without keys every alert is a message, at once', async () => {
    const { push, time, bodies, atMs } = scene()
    push('a', 'b')
    await time.advance(0)
    assert.deepEqual(
      [bodies, atMs],
      [
        ['a;', 'b;'],
        [0, 0],
      ],
    )
  })

  test('with a wait, all since the first are one message', async () => {
    const { push, time, bodies, atMs } = scene('group_wait: 30s')
    await time.advance(10_000)
    push('a')
    await time.advance(20_000)
    push('b', 'c')
    await time.advance(60_000)
    push('d')
    await time.advance(60_000)
    assert.deepEqual(
      [bodies, atMs],
      [
        ['a;b;c;', 'd;'],
        [40_000, 120_000],
      ],
    )
  })

  test('with a number and a wait, whichever comes first', async () => {
    const { push, time, bodies, atMs } = scene('group_threshold: 2\ngroup_wait: 5s')
    push('a', 'b', 'c')
    await time.advance(10_000)
    assert.deepEqual(
      [bodies, atMs],
      [
        ['a;b;', 'c;'],
        [0, 5000],
      ],
    )
  })

  test('with a number alone nothing waits longer than ten minutes', async () => {
    const { push, time, bodies, atMs } = scene('group_threshold: 3')
    push('a', 'b')
    await time.advance(599_999)
    assert.deepEqual(bodies, [])
    await time.advance(1)
    assert.deepEqual([bodies, atMs], [['a;b;'], [600_000]])
  })

  test('no alert is lost or doubled, whatever the grouping', async () => {
    const grouping = fc.record({ wait: fc.nat(5), threshold: fc.nat(4), digest: fc.boolean() })
    const pushes = fc.array(fc.tuple(fc.nat(3000), fc.nat(3)), { maxLength: 20 })
    const law = fc.asyncProperty(grouping, pushes, async ({ wait, threshold, digest }, steps) => {
      const { push, time, bodies, notifier } = scene(
        `group_wait: ${wait}s\ngroup_threshold: ${threshold}\ndigest: ${digest ? '7s' : '0s'}`,
      )
      const given: string[] = []
      for (const [ms, count] of steps) {
        await time.advance(ms)
        for (let i = 0; i < count; i++) {
          given.push(`n${given.length}`)
          push(given.at(-1) ?? '')
        }
      }
      await notifier[Symbol.asyncDispose]()
      assert.equal(bodies.join(''), given.map((value) => `${value};`).join(''))
      const [status] = notifier.status()
      assert.deepEqual([status?.sent, status?.pending], [given.length, 0])
      assert.equal(time.waiting, 0)
    })
    await fc.assert(law, { numRuns: 60 })
  })
})

suite('digest', () => {
  test('what is alike is folded, and sent at the full hour', async () => {
    const { notifier, time, bodies, atMs } = scene('digest: 1h')
    await time.advance(600_000)
    for (const value of ['a', 'b', 'a', 'a']) notifier.notify(['ops'], testAlert(value))
    await time.advance(3_600_000)
    assert.deepEqual([bodies, atMs], [['a;b;'], [3_600_000]])
  })

  test('folded alerts count their events together', async () => {
    const { notifier, bodies } = sceneOf(
      `type: http\nname: ops\nurl: https://h.example\nmethod: POST\ndigest: 1h\nformat: '{{range .}}{{.GetEventsCount}} {{.StartAt}} {{.StopAt}} {{len .Decisions}}{{end}}'`,
    )
    notifier.notify(['ops'], testAlert('a'))
    notifier.notify(['ops'], testAlert('a', { decisions: [], eventsCount: 4 }))
    await notifier.flush()
    assert.deepEqual(bodies, ['10 2026-11-03T06:00:00Z 2026-11-03T06:00:05Z 1'])
  })
})

test('in quiet hours alerts wait and then come together, alarms do not wait', async () => {
  const { push, notifier, time, bodies, atMs } = scene(
    'quiet_hours: {from: "10:00", to: "11:00"}\nalarms: true',
  )
  push('a', 'b')
  notifier.raise({ kind: 'api-lost', subject: 'http://lapi', message: 'no answer for 5 m' })
  await time.advance(3_600_000)
  push('c')
  await time.advance(0)
  assert.deepEqual(
    [bodies, atMs],
    [
      ['http://lapi;', 'a;b;', 'c;'],
      [0, 3_600_000, 3_600_000],
    ],
  )
})

suite('delivery', () => {
  test('a failing attempt is repeated, ever more slowly, for five minutes', async () => {
    const { push, time, atMs, notifier, log } = scene('', Array(100).fill(503))
    push('a')
    await time.advance(400_000)
    assert.deepEqual(atMs.slice(0, 8), [0, 1000, 3000, 7000, 15_000, 31_000, 61_000, 91_000])
    assert.ok((atMs.at(-1) ?? 0) <= 300_000 && atMs.length === 14)
    const [status] = notifier.status()
    assert.deepEqual([status?.failed, status?.sent, status?.pending], [1, 0, 0])
    assert.equal(status?.lastError, 'ops.example answered 503 [TOC_NOTIFY_REFUSED]')
    assert.deepEqual(
      log.records.map(({ level, text }) => [level, text]),
      [['error', 'alerts could not be notified']],
    )
  })

  test('max_retry is attempts after the first', async () => {
    const { push, time, bodies } = scene('max_retry: 2', [500, 500, 500, 500])
    push('a')
    await time.advance(300_000)
    assert.equal(bodies.length, 3)
  })

  test('what is final is not repeated, and the next message goes out', async () => {
    const { push, time, bodies, notifier } = scene('', [404])
    push('a', 'b')
    await time.advance(0)
    assert.deepEqual(bodies, ['a;', 'b;'])
    const [status] = notifier.status()
    assert.deepEqual([status?.failed, status?.sent, status?.lastError], [1, 1, undefined])
  })

  test('order is kept while the other side is away', async () => {
    const { push, time, bodies } = scene('', [500, 500])
    push('a')
    await time.advance(500)
    push('b')
    await time.advance(60_000)
    assert.deepEqual(bodies, ['a;', 'a;', 'a;', 'b;'])
  })

  test('a queue that is full drops what is new, and says so once', async () => {
    const { push, time, notifier, log } = scene('queue_size: 3', Array(50).fill(500))
    push(...Array.from({ length: 10 }, (_, i) => `n${i}`))
    await time.advance(10)
    const [status] = notifier.status()
    assert.deepEqual([status?.pending, status?.dropped], [3, 7])
    assert.equal(log.records.length, 1)
  })

  test('a template that fails loses its message alone', async () => {
    const { time, bodies, notifier } = sceneOf(
      `type: http\nname: ops\nurl: https://h.example\nmethod: POST\nformat: '{{range .}}{{if eq .GetValue "bad"}}{{fail "no"}}{{end}}{{.GetValue}}{{end}}'`,
    )
    for (const value of ['bad', 'good']) notifier.notify(['ops'], testAlert(value))
    await time.advance(1)
    assert.deepEqual(bodies, ['good'])
    const [status] = notifier.status()
    assert.deepEqual([status?.failed, status?.sent], [1, 1])
  })

  test('no secret reaches the log or the status', async () => {
    const { push, time, log, notifier } = scene('', [new Error('bad path /T0KENT0KEN')])
    push('a')
    await time.advance(0)
    assert.doesNotMatch(JSON.stringify([log.records, notifier.status()]), /T0KENT0KEN/)
    assert.match(JSON.stringify(log.records), /bad path/)
  })

  test('at the end what waits is sent once, and nothing waits for ever', async () => {
    const { push, notifier, bodies, time } = scene('group_wait: 1h', [500, 500])
    push('a', 'b')
    const closed = notifier[Symbol.asyncDispose]()
    await time.advance(3000)
    await closed
    assert.deepEqual(bodies, ['a;b;'])
    push('late')
    assert.deepEqual(
      notifier.status().map(({ pending, failed }) => [pending, failed]),
      [[0, 2]],
    )
    assert.equal(time.waiting, 0)
  })

  test('an attempt that hangs at the end is given up', async () => {
    const time = new TestTime()
    const [ops] = readGood(
      'type: http\nname: ops\nurl: https://ops.example\nmethod: POST\ntimeout: 1h',
    )
    assert.ok(ops)
    const notifier = createNotifier([ops], {
      clock: time,
      log: testLog(),
      variables: {},
      timers: time,
      sendHttp: ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('cut'))),
        ),
    })
    notifier.notify(['ops'], testAlert())
    const closed = notifier[Symbol.asyncDispose]()
    await time.advance(3000)
    await closed
    assert.equal(notifier.status()[0]?.failed, 1)
  })
})

suite('alarms', () => {
  test('are told once until they are cleared', async () => {
    const { notifier, time, bodies } = scene(
      `alarms: true\nalarm_format: '{{range .}}{{.Kind}} {{.Scenario}}: {{.Message}}{{end}}'`,
    )
    const alarm = { kind: 'source-silent', subject: '/var/log/auth.log' } as const
    notifier.clear('source-silent', alarm.subject, 'never raised')
    notifier.raise({ ...alarm, message: 'no line for 15 m' })
    notifier.raise({ ...alarm, message: 'no line for 20 m' })
    notifier.clear('source-silent', alarm.subject, 'lines again')
    notifier.raise({ ...alarm, message: 'no line for 15 m' })
    await time.advance(0)
    assert.deepEqual(bodies, [
      'alarm tocsin/source-silent: no line for 15 m',
      'alarm tocsin/source-silent: lines again',
      'alarm tocsin/source-silent: no line for 15 m',
    ])
  })

  test('go where people read, unless told otherwise', async () => {
    const { notifier, time, bodies } = scene()
    notifier.raise({ kind: 'source-silent', subject: 'x', message: 'y' })
    await time.advance(0)
    assert.deepEqual(bodies, [])
  })
})

test('a name nobody knows is said once', () => {
  const { notifier, log } = scene()
  notifier.notify(['nope'], testAlert())
  notifier.notify(['nope'], testAlert())
  assert.deepEqual(
    log.records.map(({ fields, text }) => [fields.notification, text]),
    [['nope', 'there is no such notification']],
  )
})

suite('testNotification', () => {
  test('tells what was sent', async () => {
    const { notifications, deps } = scene('group_wait: 1h')
    const [ops] = notifications
    assert.ok(ops)
    const alerts = [sampleAlert(testServices.clock.nowMs())]
    assert.deepEqual(await testNotification(ops, alerts, deps), {
      text: '10.10.10.10;',
      error: undefined,
    })
  })

  test('tells what went wrong, once', async () => {
    const { notifications, deps, bodies } = scene('', [500])
    const [ops] = notifications
    assert.ok(ops)
    const { error } = await testNotification(ops, [sampleAlert(0)], deps)
    assert.equal(error, 'ops.example answered 500')
    assert.equal(bodies.length, 1)
  })
})
