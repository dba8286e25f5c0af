import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import type { AlertFilter, NewAlert } from './alert-store.ts'
import type { DecisionFilter } from './decision-store.ts'
import type { RetentionSettings } from './retention.ts'
import { alert, ban, hourMs, newsOf, readReply, TestClock } from './samples.test-support.ts'
import type { Store } from './store.ts'

/** Opens a store on the database of one test; again after closing it, as a restart would. */
export type OpenStore = (clock: TestClock, retention?: RetentionSettings) => Promise<Store>

const everything = { filter: {}, isDeduplicated: true }

function range(text: string): AddressRange {
  const found = parseAddressOrRange(text)
  assert.ok(found)
  return found
}

/** What every store owes, whatever database it is on. `prepare` makes an empty database. */
export function storeContract(name: string, prepare: () => Promise<OpenStore>): void {
  const scene = (title: string, run: (open: OpenStore, clock: TestClock) => Promise<void>) =>
    test(title, async () => run(await prepare(), new TestClock()))

  suite(name, () => {
    scene('an alert comes back as it was sent, after a restart too', async (open, clock) => {
      const sent = alert(clock, {
        uuid: 'u-1',
        labels: ['x'],
        message: 'a\0b \ud800 <ü> 𝄞',
        decisions: [ban(clock, '192.0.2.7', { uuid: 'd-1' })],
      })
      {
        await using store = await open(clock)
        await store.machines.add(machine('m1'))
        assert.deepEqual(await store.alerts.insert([sent]), ['1'])
      }
      await using store = await open(clock)
      const [found] = await store.alerts.query({})
      const { decisions, ...rest } = sent
      assert.deepEqual(found, {
        ...rest,
        id: 1,
        createdMs: clock.nowMs(),
        // No database shall be asked to keep a NUL or half a surrogate pair.
        message: 'a\ufffdb \ufffd <ü> 𝄞',
        decisions: [{ id: 1, ...decisions[0] }],
      })
      assert.deepEqual(store.decisions.query({}), [{ id: 1, ...decisions[0] }])
    })

    scene('a long alert is kept whole', async (open, clock) => {
      await using store = await open(clock)
      const events = Array.from({ length: 50 }, (_, i) => ({
        timestamp: `${i}`,
        meta: [{ key: 'line', value: `${i}`.repeat(1_000) }],
      }))
      await store.alerts.insert([alert(clock, { events })])
      assert.deepEqual((await store.alerts.get(1))?.events, events)
    })

    scene('many at once get ids in order, each call its own', async (open, clock) => {
      await using store = await open(clock)
      const calls = Array.from({ length: 40 }, (_, i) =>
        store.alerts.insert(Array.from({ length: 1 + (i % 3) }, () => alert(clock))),
      )
      const ids = await Promise.all(calls)
      assert.deepEqual(
        ids.flat(),
        ids.flat().map((_, i) => String(i + 1)),
      )
      assert.deepEqual(
        ids.map((list) => list.length),
        ids.map((_, i) => 1 + (i % 3)),
      )
    })

    scene('an alert whose decisions are all unusable is dropped', async (open, clock) => {
      await using store = await open(clock)
      const bad = ban(clock, 'nonsense', { scope: 'Ip' })
      const good = ban(clock, 'nonsense', { scope: 'username' })
      const ids = await store.alerts.insert([
        alert(clock, { decisions: [bad] }),
        alert(clock, { decisions: [bad, good] }),
      ])
      assert.deepEqual(ids, ['1'])
      assert.deepEqual(
        store.decisions.query({}).map((d) => d.scope),
        ['username'],
      )
    })

    scene('one refused alert does not cost the others', async (open, clock) => {
      await using store = await open(clock)
      const broken = { ...alert(clock), startMs: Symbol('none') as unknown as number }
      const results = await Promise.allSettled([
        store.alerts.insert([alert(clock)]),
        store.alerts.insert([broken]),
        store.alerts.insert([alert(clock)]),
      ])
      assert.deepEqual(
        results.map((result) => result.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.equal(await store.alerts.count({}), 2)
    })

    suite('alert filters', () => {
      const cases: readonly (readonly [string, AlertFilter, readonly number[]])[] = [
        ['all', {}, [1, 2, 3, 4, 5]],
        ['scope', { scope: 'username' }, [4]],
        ['value', { value: '192.0.2.9' }, [2]],
        ['scenario of the alert or a decision', { scenario: 'test/other' }, [1, 4]],
        ['covering an address', { range: range('192.0.2.9') }, [2]],
        ['covering nothing', { range: range('192.0.2.8') }, []],
        ['within', { range: range('192.0.0.0/16'), rangeMatch: 'within' }, [1, 2]],
        ['within, IPv6', { range: range('2001:db8::/32'), rangeMatch: 'within' }, [3]],
        ['covering, IPv6', { range: range('2001:db8::1:1') }, [3]],
        ['simulated ones left out', { isSimulated: false }, [1, 2, 4, 5]],
        ['with a live decision', { hasActiveDecision: true }, [1, 2, 3]],
        ['without decision', { hasActiveDecision: false }, [4]],
        ['decision type', { decisionType: 'captcha' }, [2]],
        ['origin', { origin: 'CAPI' }, [5]],
        ['an origin nobody has', { origin: 'nobody' }, []],
        ['without lists', { includeCapi: false }, [1, 2, 3, 4]],
        ['kind', { kind: 'waf' }, [2]],
        ['uuid', { uuid: 'u-3' }, [3]],
        ['machine', { machineId: 'm2' }, [5]],
        ['two at once', { scope: 'Ip', kind: 'crowdsec', hasActiveDecision: true }, [1, 3]],
      ]
      for (const [title, filter, ids] of cases) {
        scene(title, async (open, clock) => {
          await using store = await open(clock)
          await store.machines.add(machine('m1'))
          await store.machines.add(machine('m2'))
          const source = (scope: string, value: string) => ({
            ...alert(clock).source,
            scope,
            value,
          })
          const sent: NewAlert[] = [
            alert(clock, { decisions: [ban(clock, '192.0.2.7', { scenario: 'test/other' })] }),
            alert(clock, {
              kind: 'waf',
              source: source('Ip', '192.0.2.9'),
              decisions: [ban(clock, '192.0.2.9', { type: 'captcha' })],
            }),
            alert(clock, {
              uuid: 'u-3',
              isSimulated: true,
              decisions: [ban(clock, '2001:db8::/64', { isSimulated: true })],
            }),
            alert(clock, { scenario: 'test/other', source: source('username', 'root') }),
            alert(clock, {
              machineId: 'm2',
              source: source('crowdsecurity/community-blocklist', ''),
              decisions: [
                ban(clock, '198.51.100.1', { origin: 'CAPI', untilMs: clock.nowMs() - 1 }),
              ],
            }),
          ]
          await store.alerts.insert(sent)
          const found = await store.alerts.query(filter, { order: 'oldest' })
          assert.deepEqual(
            found.map((row) => row.id),
            ids,
          )
          assert.equal(await store.alerts.count(filter), ids.length)
        })
      }
      scene('pages, newest first', async (open, clock) => {
        await using store = await open(clock)
        await store.alerts.insert([1, 2, 3, 4].map(() => alert(clock)))
        const page = async (p: object) => (await store.alerts.query({}, p)).map((row) => row.id)
        assert.deepEqual(await page({ limit: 2 }), [4, 3])
        assert.deepEqual(await page({ limit: 2, offset: 1, order: 'oldest' }), [2, 3])
        assert.deepEqual(await page({ offset: 3 }), [1])
      })
      scene('times', async (open, clock) => {
        await using store = await open(clock)
        await store.alerts.insert([alert(clock)])
        const startMs = clock.nowMs() - 4_000
        assert.equal(await store.alerts.count({ startedFromMs: startMs }), 1)
        assert.equal(await store.alerts.count({ startedFromMs: startMs + 1 }), 0)
        assert.equal(await store.alerts.count({ startedUntilMs: startMs - 1 }), 0)
        assert.equal(await store.alerts.count({ createdUntilMs: clock.nowMs() }), 1)
        assert.equal(await store.alerts.count({ createdUntilMs: clock.nowMs() - 1 }), 0)
      })
    })

    scene('a second decision takes the place of the first', async (open, clock) => {
      await using store = await open(clock)
      const { stream } = store.decisions
      const ends = [1, 4, 2].map((hours) => clock.nowMs() + hours * hourMs)
      let position = stream.open(everything).position
      for (const [i, untilMs] of ends.entries()) {
        await store.alerts.insert([
          alert(clock, { decisions: [ban(clock, '192.0.2.7', { untilMs })] }),
        ])
        clock.pass(1_000)
        const live = store.decisions.query({})
        assert.deepEqual(
          live.map((d) => [d.id, d.untilMs]),
          [[i + 1, Math.max(...ends.slice(0, i + 1))]],
        )
        const reply = stream.open({ ...everything, since: position })
        assert.deepEqual(newsOf(reply), ['192.0.2.7'], 'news, and no deletion')
        position = reply.position
      }
      assert.equal(await store.alerts.count({ hasActiveDecision: true }), 1)
      const first = await store.alerts.get(1)
      assert.ok((first?.decisions[0]?.untilMs ?? Infinity) <= clock.nowMs())
    })

    scene(
      'an extended decision is told again at its first end, as some bouncers drop it then',
      async (open, clock) => {
        const { since, startMs } = await (async () => {
          await using store = await open(clock)
          for (const hours of [1, 3, 4]) {
            const untilMs = clock.nowMs() + hours * hourMs
            const decisions = [
              ban(clock, '192.0.2.7', { untilMs }),
              ban(clock, '192.0.2.8', { untilMs: clock.nowMs() + hourMs }),
            ]
            await store.alerts.insert([alert(clock, { decisions })])
            const list = [ban(clock, '192.0.2.9', { origin: 'lists', untilMs })]
            await store.decisions.import(alert(clock, { decisions: list }))
          }
          return { since: store.decisions.stream.open(everything).position, startMs: clock.nowMs() }
        })()
        // A restart does not forget what was told.
        await using store = await open(clock)
        let position = since
        const told: string[] = []
        while (clock.nowMs() < startMs + 5 * hourMs) {
          clock.pass(10_000)
          const reply = store.decisions.stream.open({ ...everything, since: position })
          position = reply.position
          const { new: fresh, deleted } = readReply(reply)
          const at = Math.floor((clock.nowMs() - startMs) / hourMs)
          for (const { value, duration } of fresh) told.push(`${at}h ${value} ${duration}`)
          for (const { value } of deleted) told.push(`${at}h -${value}`)
        }
        assert.deepEqual([...new Set(told)].sort(), [
          '1h -192.0.2.8',
          '1h 192.0.2.7 2h59m40s',
          '1h 192.0.2.7 2h59m50s',
          '1h 192.0.2.7 3h0m0s',
          '1h 192.0.2.9 2h59m40s',
          '1h 192.0.2.9 2h59m50s',
          '1h 192.0.2.9 3h0m0s',
          '4h -192.0.2.7',
          '4h -192.0.2.9',
        ])
      },
    )

    scene('what is apart stays apart', async (open, clock) => {
      await using store = await open(clock)
      const value = '192.0.2.7'
      await store.alerts.insert([
        alert(clock, {
          decisions: [
            ban(clock, value),
            ban(clock, value, { origin: 'cscli' }),
            ban(clock, value, { type: 'captcha' }),
            ban(clock, value, { isSimulated: true }),
            ban(clock, value, { origin: 'lists', scenario: 'list-a' }),
            ban(clock, value, { origin: 'lists', scenario: 'list-b' }),
            ban(clock, value, { scope: 'username' }),
            // The same as the first, only written and reasoned differently.
            ban(clock, '::ffff:192.0.2.7', { scenario: 'test/other' }),
          ],
        }),
      ])
      assert.equal(store.decisions.size, 7)
    })

    suite('decision filters', () => {
      const cases: readonly (readonly [string, DecisionFilter, readonly string[]])[] = [
        ['all but simulated', {}, ['192.0.2.7', '192.0.2.0/24', '2001:DB8::1', '10.0.0.0/8', 'FR']],
        ['simulated too', { includeSimulated: true, types: ['sim'] }, ['192.0.2.7']],
        ['covering', { range: range('192.0.2.7') }, ['192.0.2.7', '192.0.2.0/24']],
        ['covering a range', { range: range('192.0.2.0/25') }, ['192.0.2.0/24']],
        ['mapped', { range: range('::ffff:10.1.1.1') }, ['10.0.0.0/8']],
        ['IPv6', { range: range('2001:db8::1') }, ['2001:DB8::1']],
        [
          'within',
          { range: range('192.0.0.0/16'), rangeMatch: 'within' },
          ['192.0.2.7', '192.0.2.0/24'],
        ],
        ['overlapping', { range: range('10.1.0.0/16'), rangeMatch: 'overlapping' }, ['10.0.0.0/8']],
        ['scope', { scopes: ['Country', 'nonsense'] }, ['FR']],
        ['no scope', { scopes: [] }, []],
        ['origin', { origins: ['cscli'] }, ['192.0.2.0/24', '10.0.0.0/8']],
        ['value', { value: '192.0.2.0/24' }, ['192.0.2.0/24']],
        ['value in another spelling', { value: '2001:0db8::1' }, []],
        ['value as written', { value: '2001:DB8::1' }, ['2001:DB8::1']],
        ['a named value', { value: 'FR' }, ['FR']],
        ['scenarios containing', { scenariosContaining: ['OTHER', 'zz'] }, ['10.0.0.0/8']],
        ['scenarios not containing', { scenariosNotContaining: ['ssh'] }, ['10.0.0.0/8']],
        ['excluded by nothing', { scenariosNotContaining: [''] }, []],
        ['uuid', { uuids: ['6ba7b810-9dad-41d1-80b4-00c04fd430c8', 'odd'] }, ['192.0.2.7', 'FR']],
        ['two at once', { range: range('192.0.2.7'), origins: ['cscli'] }, ['192.0.2.0/24']],
      ]
      for (const [title, filter, values] of cases) {
        scene(title, async (open, clock) => {
          await using store = await open(clock)
          await store.alerts.insert([
            alert(clock, {
              decisions: [
                ban(clock, '192.0.2.7', { uuid: '6ba7b810-9dad-41d1-80b4-00c04fd430c8' }),
                ban(clock, '192.0.2.0/24', { origin: 'cscli' }),
                ban(clock, '2001:DB8::1'),
                ban(clock, '10.0.0.0/8', { origin: 'cscli', scenario: 'test/other' }),
                ban(clock, 'FR', { scope: 'Country', uuid: 'odd' }),
                ban(clock, '192.0.2.7', { isSimulated: true, type: 'sim' }),
              ],
            }),
          ])
          const found = store.decisions.query(filter)
          assert.deepEqual(
            found.map((d) => d.value),
            values,
          )
          assert.equal(store.decisions.has(filter), values.length > 0)
          // What expires is what is found, simulated ones beside.
          const all = store.decisions.query({ ...filter, includeSimulated: true })
          const expired = await store.decisions.expire(filter)
          assert.equal(expired.count, all.length)
          assert.deepEqual(
            expired.uuids,
            all.map((d) => d.uuid).filter((uuid) => uuid !== ''),
          )
          assert.equal(store.decisions.has({ ...filter, includeSimulated: true }), false)
        })
      }
      scene('pages', async (open, clock) => {
        await using store = await open(clock)
        const decisions = ['1.0.0.1', '1.0.0.2', '1.0.0.3', '1.0.0.4'].map((v) => ban(clock, v))
        await store.alerts.insert([alert(clock, { decisions })])
        const page = (p: object) => store.decisions.query({}, p).map((d) => d.id)
        assert.deepEqual(page({ limit: 2 }), [1, 2])
        assert.deepEqual(page({ limit: 2, offset: 1 }), [2, 3])
        assert.deepEqual(page({ afterId: 2 }), [3, 4])
      })
    })

    suite('stream', () => {
      scene('start, change, end, restart', async (open, clock) => {
        let position = { seq: 0, pullMs: 0 }
        {
          await using store = await open(clock)
          await store.bouncers.add(bouncer('b'))
          await store.alerts.insert([alert(clock, { decisions: [ban(clock, '192.0.2.7')] })])
          const start = store.decisions.stream.open(everything)
          assert.equal(
            Buffer.concat([...start.chunks]).toString(),
            '{"new": [{"duration":"1h0m0s","id":1,"origin":"crowdsec","scenario":"test/ssh-bf","scope":"Ip","type":"ban","value":"192.0.2.7"}], "deleted": []}',
          )
          store.bouncers.setPosition('b', start.position)
          position = start.position
          clock.pass(5_000)
          await store.alerts.insert([alert(clock, { decisions: [ban(clock, '192.0.2.8')] })])
          await store.decisions.expireById(1)
        }
        clock.pass(5_000)
        await using store = await open(clock)
        assert.deepEqual(store.bouncers.find('b')?.position, position)
        const delta = store.decisions.stream.open({ ...everything, since: position })
        assert.deepEqual(newsOf(delta), ['192.0.2.8', '-192.0.2.7'])
        clock.pass(5_000)
        const next = store.decisions.stream.open({ ...everything, since: delta.position })
        assert.deepEqual(newsOf(next), [])
        clock.pass(hourMs)
        const last = store.decisions.stream.open({ ...everything, since: next.position })
        assert.deepEqual(newsOf(last), ['-192.0.2.8'])
      })

      scene('a deleted alert takes its decisions with it', async (open, clock) => {
        let since = { seq: 0, pullMs: 0 }
        {
          await using store = await open(clock)
          await store.alerts.insert([
            alert(clock, { decisions: [ban(clock, '192.0.2.7')] }),
            alert(clock, { decisions: [ban(clock, '192.0.2.8')] }),
          ])
          since = store.decisions.stream.open(everything).position
          clock.pass(60_000)
          assert.equal(await store.alerts.delete({ range: range('192.0.2.7') }), 1)
          assert.equal(await store.alerts.delete({ id: 1 }), 0)
        }
        await using store = await open(clock)
        const reply = store.decisions.stream.open({ ...everything, since })
        assert.deepEqual(newsOf(reply), ['-192.0.2.7'])
      })

      scene('filters come before deduplication', async (open, clock) => {
        await using store = await open(clock)
        const untilMs = clock.nowMs() + 9 * hourMs
        await store.alerts.insert([
          alert(clock, {
            decisions: [
              ban(clock, '192.0.2.7', { origin: 'cscli' }),
              ban(clock, '192.0.2.7', { origin: 'CAPI', untilMs }),
            ],
          }),
        ])
        const originsOf = (isDeduplicated: boolean, origins?: readonly string[]) => {
          const filter = origins ? { origins } : {}
          const reply = store.decisions.stream.open({ filter, isDeduplicated })
          return readReply(reply).new.map((item) => item.origin)
        }
        assert.deepEqual(originsOf(true), ['CAPI'])
        assert.deepEqual(originsOf(false), ['cscli', 'CAPI'])
        assert.deepEqual(originsOf(true, ['cscli']), ['cscli'])
        // The end of the shorter one ends nothing for those who see both.
        const { position } = store.decisions.stream.open(everything)
        await store.decisions.expire({ origins: ['cscli'] })
        const since = { since: position, isDeduplicated: true }
        assert.deepEqual(newsOf(store.decisions.stream.open({ filter: {}, ...since })), [])
        const cscli = { filter: { origins: ['cscli'] }, ...since }
        assert.deepEqual(newsOf(store.decisions.stream.open(cscli)), ['-192.0.2.7'])
      })
    })

    scene('a list pulled again extends what is there', async (open, clock) => {
      await using store = await open(clock)
      const list = (values: readonly string[]) =>
        alert(clock, {
          decisions: values.map((v) => ban(clock, v, { origin: 'lists', scenario: 'tor' })),
        })
      const first = await store.decisions.import(list(['1.0.0.2', '1.0.0.1', 'x/9', '1.0.0.1']))
      assert.deepEqual(first, { alertId: 1, added: 2, extended: 0, dropped: 1 })
      const before = store.decisions.query({})
      clock.pass(1_000)
      const second = await store.decisions.import(list(['1.0.0.1', '1.0.0.3']))
      assert.deepEqual(second, { alertId: 2, added: 1, extended: 1, dropped: 0 })
      const after = store.decisions.query({})
      const endOf = (value: string) => after.find((d) => d.value === value)?.untilMs
      assert.equal(endOf('1.0.0.1'), clock.nowMs() + hourMs)
      assert.equal(endOf('1.0.0.2'), clock.nowMs() + hourMs - 1_000)
      assert.deepEqual(
        before.map((d) => d.id),
        after.slice(0, 2).map((d) => d.id),
      )
      assert.deepEqual((await store.alerts.get(2))?.decisions.map((d) => d.value).sort(), [
        '1.0.0.1',
        '1.0.0.3',
      ])
      assert.equal((await store.decisions.import(list(['']))).alertId, undefined)
    })

    scene('decisions added to an alert later', async (open, clock) => {
      await using store = await open(clock)
      await store.alerts.insert([alert(clock, { decisions: [ban(clock, '1.0.0.1')] })])
      const more = [ban(clock, '1.0.0.1'), ban(clock, '1.0.0.2')]
      assert.equal(await store.alerts.addDecisions(1, more), true)
      assert.equal(await store.alerts.addDecisions(9, more), false)
      assert.equal(store.decisions.size, 2)
    })

    scene('ending one by its id', async (open, clock) => {
      await using store = await open(clock)
      await store.alerts.insert([
        alert(clock, { decisions: [ban(clock, '1.0.0.1', { uuid: 'u' })] }),
      ])
      assert.deepEqual(await store.decisions.expireById(1), { count: 1, uuids: ['u'] })
      assert.deepEqual(await store.decisions.expireById(1), { count: 1, uuids: ['u'] })
      assert.equal(await store.decisions.expireById(7), undefined)
      assert.equal(store.decisions.size, 0)
    })

    scene('counts for gauges', async (open, clock) => {
      await using store = await open(clock)
      const decisions = ['1.0.0.1', '1.0.0.2'].map((v) => ban(clock, v))
      await store.alerts.insert([alert(clock, { decisions }), alert(clock, { scenario: 'b' })])
      assert.deepEqual(
        store.decisions.countByKind().map((c) => [c.scenario, c.count]),
        [['test/ssh-bf', 2]],
      )
      assert.deepEqual(
        await store.alerts.countByScenario(),
        new Map([
          ['b', 1],
          ['test/ssh-bf', 1],
        ]),
      )
    })

    scene('machines', async (open, clock) => {
      {
        await using store = await open(clock)
        const added = await store.machines.add({ ...machine('m1'), isValidated: false })
        assert.equal(added.isValidated, false)
        await assert.rejects(store.machines.add(machine('m1')), { code: 'TOC_STORE_EXISTS' })
        assert.equal(await store.machines.validate('m1'), true)
        assert.equal(await store.machines.validate('nobody'), false)
        await store.machines.updateLogin('m1', { scenarios: ['a', 'b'], version: '1' })
        await store.machines.updateLogin('m1', { scenarios: [], ipAddress: '10.0.0.1' })
        const system = { osName: 'x', osFamily: 'y', osVersion: 'z', featureFlags: ['f'] }
        const hubState = { parsers: [{ name: 'p', version: '1', status: 'official' }] }
        await store.machines.updateUsage('m1', {
          version: '2',
          ...system,
          hubState,
          datasources: { file: 3 },
        })
        store.machines.touchHeartbeat('m1')
        store.machines.touchPush('m1')
        await store.machines.add(machine('m2'))
        await store.alerts.insert([alert(clock, { machineId: 'm2' })])
        assert.equal(await store.machines.delete('m2'), true)
        assert.equal(await store.machines.delete('m2'), false)
      }
      await using store = await open(clock)
      assert.equal((await store.alerts.get(1))?.machineId, '', 'its alerts stay')
      assert.deepEqual(
        store.machines.list().map((m) => m.machineId),
        ['m1'],
      )
      const { machineId, isValidated, scenarios, version, ipAddress, lastHeartbeatMs, lastPushMs } =
        store.machines.find('m1') ?? assert.fail('m1 is there')
      assert.deepEqual(
        { machineId, isValidated, scenarios, version, ipAddress, lastHeartbeatMs, lastPushMs },
        {
          machineId: 'm1',
          isValidated: true,
          scenarios: ['a', 'b'],
          version: '2',
          ipAddress: '10.0.0.1',
          lastHeartbeatMs: clock.nowMs(),
          lastPushMs: clock.nowMs(),
        },
      )
      assert.deepEqual(store.machines.find('m1')?.datasources, { file: 3 })
    })

    scene('bouncers', async (open, clock) => {
      {
        await using store = await open(clock)
        await store.bouncers.add(bouncer('b'))
        await store.bouncers.add({ ...bouncer('b@10.0.0.1'), ipAddress: '10.0.0.1' })
        await assert.rejects(store.bouncers.add(bouncer('b')), { code: 'TOC_STORE_EXISTS' })
        assert.deepEqual(
          store.bouncers.findByKey('hash').map((b) => b.name),
          ['b', 'b@10.0.0.1'],
        )
        assert.deepEqual(store.bouncers.findByKey('other'), [])
        await store.bouncers.updateContact('b', { type: 'nginx', version: '1', ipAddress: '::1' })
        await store.bouncers.setRevoked('b', true)
        store.bouncers.touchPull('b')
        assert.equal(store.bouncers.findByKey('hash')[0]?.lastPullMs, clock.nowMs())
        assert.equal(await store.bouncers.delete('b@10.0.0.1'), true)
        assert.equal(await store.bouncers.delete('b@10.0.0.1'), false)
      }
      await using store = await open(clock)
      const [found, ...others] = store.bouncers.findByKey('hash')
      assert.equal(others.length, 0)
      assert.deepEqual(
        [found?.type, found?.version, found?.ipAddress, found?.isRevoked, found?.lastPullMs],
        ['nginx', '1', '::1', true, clock.nowMs()],
      )
      assert.equal(found?.position, undefined)
    })

    scene('allowlists', async (open, clock) => {
      {
        await using store = await open(clock)
        await store.allowlists.create({ name: 'office', description: 'ours' })
        await assert.rejects(store.allowlists.create({ name: 'office', description: '' }), {
          code: 'TOC_STORE_EXISTS',
        })
        const items = [
          { value: '192.0.2.0/24', comment: 'vpn' },
          { value: '2001:db8::1' },
          { value: 'home.example.org' },
          { value: '203.0.113.1', expiresMs: clock.nowMs() + 1_000 },
        ]
        assert.equal(await store.allowlists.addItems('office', items), 4)
        assert.equal(await store.allowlists.addItems('office', items), 0)
        await assert.rejects(store.allowlists.addItems('none', items), {
          code: 'TOC_STORE_NOT_FOUND',
        })
        await store.allowlists.create({ name: 'alpha', description: '', allowlistId: 'x' })
        await store.allowlists.replaceItems('alpha', [{ value: '192.0.2.7' }])
        assert.equal(await store.allowlists.removeItems('office', ['2001:db8::1', 'none']), 1)
      }
      await using store = await open(clock)
      const check = (target: string) =>
        store.allowlists.check(target)?.map((match) => `${match.value} from ${match.list}`)
      assert.deepEqual(check('192.0.2.7'), ['192.0.2.7 from alpha', '192.0.2.0/24 from office'])
      assert.deepEqual(check('192.0.0.0/16'), ['192.0.2.7 from alpha', '192.0.2.0/24 from office'])
      assert.deepEqual(check('192.0.2.8'), ['192.0.2.0/24 from office'])
      assert.deepEqual(check('2001:db8::1'), [])
      assert.equal(check('nonsense'), undefined)
      assert.deepEqual(check('203.0.113.1'), ['203.0.113.1 from office'])
      clock.pass(1_001)
      assert.deepEqual(check('203.0.113.1'), [])
      assert.deepEqual(store.allowlists.names(), ['home.example.org'])
      store.allowlists.resolveNames(new Map([['home.example.org', ['198.51.100.9']]]))
      assert.deepEqual(check('198.51.100.9'), ['home.example.org from office'])
      assert.deepEqual(
        store.allowlists.get('office')?.items.map((item) => item.value),
        ['192.0.2.0/24', 'home.example.org'],
      )
      assert.equal(await store.allowlists.update('alpha', { name: 'beta' }), true)
      assert.equal(await store.allowlists.delete('office'), true)
      assert.equal(await store.allowlists.delete('office'), false)
      assert.deepEqual(
        store.allowlists.list().map((list) => list.name),
        ['beta'],
      )
    })

    scene('metrics, items, locks', async (open, clock) => {
      await using store = await open(clock)
      await store.metrics.insert({ source: 'LP', by: 'm1', payload: '{}' })
      await store.metrics.insert({ source: 'RC', by: 'b', payload: '[]' })
      const unpushed = await store.metrics.listUnpushed()
      assert.deepEqual(
        unpushed.map((row) => row.payload),
        ['{}', '[]'],
      )
      await store.metrics.markPushed(unpushed.slice(0, 1).map((row) => row.id))
      assert.equal((await store.metrics.listUnpushed()).length, 1)
      assert.equal((await store.metrics.list({ source: 'LP', by: 'm1' })).length, 1)

      assert.equal(await store.config.get('token'), undefined)
      await store.config.set('token', 'a')
      await store.config.set('token', 'b')
      assert.equal(await store.config.get('token'), 'b')
      await store.config.delete('token')
      assert.equal(await store.config.get('token'), undefined)

      const lock = await store.config.lock('pull', 60_000)
      assert.ok(lock)
      assert.equal(await store.config.lock('pull', 60_000), undefined)
      clock.pass(60_000)
      const stolen = await store.config.lock('pull', 60_000)
      assert.ok(stolen)
      await lock[Symbol.asyncDispose]()
      assert.equal(await store.config.lock('pull', 60_000), undefined, 'only the thief gives back')
      await stolen[Symbol.asyncDispose]()
      assert.ok(await store.config.lock('pull', 60_000))
    })

    suite('retention', () => {
      scene('by age and count, never what a live decision comes from', async (open, clock) => {
        await using store = await open(clock, { alertsMaxAgeMs: 10 * hourMs, alertsMaxItems: 3 })
        const untilMs = clock.nowMs() + 1_000 * hourMs
        await store.alerts.insert([
          alert(clock, { decisions: [ban(clock, '1.0.0.1', { untilMs })] }),
          alert(clock, { decisions: [ban(clock, '1.0.0.2')] }),
          alert(clock),
        ])
        clock.pass(11 * hourMs)
        assert.equal((await store.runRetention()).alerts, 2)
        await store.alerts.insert([1, 2, 3, 4].map(() => alert(clock)))
        assert.equal((await store.runRetention()).alerts, 2)
        const left = await store.alerts.query({}, { order: 'oldest' })
        assert.deepEqual(
          left.map((row) => row.id),
          [1, 6, 7],
        )
        assert.equal(store.decisions.size, 1)
        clock.pass(24 * hourMs)
        const { decisions } = await store.runRetention()
        assert.equal(decisions, 1, 'the ended one is forgotten when no bouncer can ask')
      })

      scene('reasons that nobody has any more', async (open, clock) => {
        await using one = await open(clock, { alertsMaxAgeMs: hourMs })
        await using two = await open(clock)
        const decisions = Array.from({ length: 5_100 }, (_, i) =>
          ban(clock, 'FR', { scope: 'Country', scenario: `reason ${i}`, origin: `o${i % 2}` }),
        )
        await one.alerts.insert([alert(clock, { decisions })])
        await two.sync()
        const reasons = (store: Store) => store.decisions.query({}).map((d) => d.scenario)
        assert.deepEqual(reasons(two), ['reason 5098', 'reason 5099'])
        clock.pass(48 * hourMs)
        await one.runRetention()
        // Both find new ids for reasons that were forgotten.
        for (const [store, other] of [
          [two, one],
          [one, two],
        ] as const) {
          const again = ban(clock, 'DE', { scope: 'Country', scenario: 'reason 7', origin: 'o1' })
          await store.alerts.insert([alert(clock, { decisions: [again] })])
          await other.sync()
          assert.deepEqual(reasons(other), ['reason 7'])
        }
        await using fresh = await open(clock)
        assert.deepEqual(reasons(fresh), ['reason 7'])
      })

      scene('the silent and the expired', async (open, clock) => {
        const silence = { tls: hourMs, password: hourMs }
        await using store = await open(clock, {
          metricsMaxAgeMs: hourMs,
          machinesMaxSilenceMs: silence,
          bouncersMaxSilenceMs: { apiKey: hourMs },
        })
        for (const name of ['silent', 'alive', 'never', 'busy']) {
          await store.machines.add({ ...machine(name), ipAddress: '10.0.0.1' })
        }
        await store.alerts.insert([alert(clock, { machineId: 'busy' })])
        for (const name of ['silent', 'busy']) store.machines.touchHeartbeat(name)
        await store.bouncers.add(bouncer('old'))
        await store.bouncers.add(bouncer('never'))
        store.bouncers.touchPull('old')
        await store.allowlists.create({ name: 'l', description: '' })
        const expiresMs = clock.nowMs() + 1
        await store.allowlists.addItems('l', [
          { value: '1.1.1.1', expiresMs },
          { value: '1.1.1.2' },
        ])
        await store.metrics.insert({ source: 'LP', by: 'm1', payload: '{}' })
        clock.pass(hourMs)
        store.machines.touchHeartbeat('alive')
        await store.flush()
        assert.deepEqual(await store.runRetention(), {
          alerts: 0,
          decisions: 0,
          metrics: 1,
          machines: 1,
          bouncers: 1,
          allowlistItems: 1,
        })
        await store.sync()
        assert.deepEqual(
          store.machines.list().map((m) => m.machineId),
          ['alive', 'never', 'busy'],
        )
        assert.equal(store.bouncers.find('old'), undefined)
        assert.equal(store.bouncers.findByKey('hash').length, 1)
      })
    })

    scene('two processes on one database follow each other', async (open, clock) => {
      await using one = await open(clock)
      await using two = await open(clock)
      const start = two.decisions.stream.open(everything).position
      await one.alerts.insert([alert(clock, { decisions: [ban(clock, '1.0.0.1')] })])
      // Without waiting for `sync`: the lock shows what the first one did.
      await two.alerts.insert([alert(clock, { decisions: [ban(clock, '1.0.0.1')] })])
      assert.equal(two.decisions.size, 1)
      await two.bouncers.add(bouncer('b'))
      await one.sync()
      assert.deepEqual(one.decisions.query({}), two.decisions.query({}))
      assert.equal(one.bouncers.findByKey('hash').length, 1)
      await assert.rejects(one.bouncers.add(bouncer('b')), { code: 'TOC_STORE_EXISTS' })
      clock.pass(5_000)
      await one.alerts.delete({})
      await two.sync()
      assert.equal(two.decisions.size, 0)
      const reply = two.decisions.stream.open({ ...everything, since: start })
      assert.deepEqual(newsOf(reply), ['-1.0.0.1'])
      const { seq } = one.decisions.stream
      assert.equal(two.decisions.stream.seq, seq)
    })
  })
}

function machine(machineId: string) {
  return {
    machineId,
    passwordHash: 'x',
    ipAddress: '127.0.0.1',
    isValidated: true,
    authType: 'password' as const,
  }
}

function bouncer(name: string) {
  return {
    name,
    keyHash: 'hash',
    ipAddress: '',
    authType: 'api-key' as const,
    isAutoCreated: false,
  }
}
