import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { timeMode } from '@tocsin/model'
import fc from 'fast-check'
import { Bucket } from './bucket.ts'
import { createGroups } from './key-group.ts'
import { eventRule, scenarioOf } from './scenario.test-support.ts'

const bySource = eventRule(({ meta }) => meta.source_ip, { text: 'evt.Meta.source_ip' })
const byUser = eventRule(({ meta }) => meta.user, { text: 'evt.Meta.user' })

const scenarios = [
  scenarioOf({ name: 'a', groupBy: bySource }),
  scenarioOf({ name: 'b', groupBy: bySource }),
  scenarioOf({ name: 'c', groupBy: byUser }),
  // These share their buckets.
  scenarioOf({ name: 'd', groupBy: bySource }),
  scenarioOf({ name: 'd', groupBy: byUser }),
]

suite('groups of buckets', () => {
  test('scenarios of one name and filter share a group', () => {
    const groups = createGroups(scenarios)
    assert.equal(groups[3], groups[4])
    assert.equal(new Set(groups).size, 4)
    assert.deepEqual(
      groups.map((group) => group.isShared),
      [false, false, false, true, true],
    )
  })

  test('law: each is a map of its own that keeps its order', () => {
    const step = fc.record({
      scenario: fc.nat({ max: scenarios.length - 1 }),
      key: fc.constantFrom('', 'x', 'y', 'z'),
      isAdded: fc.boolean(),
    })
    const law = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const groups = createGroups(scenarios)
      const models = new Map(
        [...new Set(groups)].map((group) => [group, new Map<string, Bucket>()]),
      )
      for (const [serial, { scenario, key, isAdded }] of steps.entries()) {
        const group = groups[scenario]
        const model = group && models.get(group)
        assert.ok(group && model)
        const known = model.get(key)
        assert.equal(group.get(key), known)
        if (!known && isAdded) {
          const bucket = new Bucket(scenario, key, timeMode.replay, serial, 1)
          group.add(bucket)
          model.set(key, bucket)
        } else if (known && !isAdded) {
          assert.equal(group.remove(known), true)
          assert.equal(group.remove(known), false)
          model.delete(key)
        }
        for (const [one, expected] of models) {
          assert.deepEqual([...one.buckets()], [...expected.values()])
          assert.equal(one.size, expected.size)
          for (const [k, bucket] of expected) assert.equal(one.get(k), bucket)
        }
      }
    })
    fc.assert(law)
  })

  test('the bucket at hand may be removed while they are gone through', () => {
    const [group] = createGroups(scenarios)
    assert.ok(group)
    for (let i = 0; i < 5; i++) group.add(new Bucket(0, `${i}`, timeMode.replay, i, 1))
    for (const bucket of group.buckets()) if (bucket.serial % 2 === 0) group.remove(bucket)
    assert.deepEqual(
      [...group.buckets()].map((bucket) => bucket.key),
      ['1', '3'],
    )
  })
})
