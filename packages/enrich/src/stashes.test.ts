import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { cacheStrategies, createCache } from './cache.ts'
import { Stashes } from './stashes.ts'

const second = 1e9

suite('Stashes', () => {
  const clock = { ms: 0, nowMs: () => clock.ms }

  test('a value is read until it expires', () => {
    const stashes = new Stashes(clock)
    stashes.define({ name: 'users', ttlNanos: 10 * second })
    assert.equal(stashes.set('users', 'a', 'x', undefined), true)
    assert.equal(stashes.set('users', 'b', 'y', 20 * second), true)
    clock.ms += 9_999
    assert.deepEqual([stashes.get('users', 'a'), stashes.get('users', 'b')], ['x', 'y'])
    clock.ms += 1
    assert.deepEqual([stashes.get('users', 'a'), stashes.get('users', 'b')], ['', 'y'])
  })

  test('a cache that does not exist', () => {
    const stashes = new Stashes(clock)
    assert.equal(stashes.get('users', 'a'), undefined)
    assert.equal(stashes.set('users', 'a', 'x', undefined), false)
  })

  test('a write moves the expiry', () => {
    const stashes = new Stashes(clock)
    stashes.define({ name: 'users', ttlNanos: 10 * second })
    stashes.set('users', 'a', 'x', undefined)
    clock.ms += 9_000
    stashes.set('users', 'a', 'z', undefined)
    clock.ms += 9_000
    assert.equal(stashes.get('users', 'a'), 'z')
  })

  test('of two caches with one name both are written and the first is read', () => {
    const stashes = new Stashes(clock)
    stashes.define({ name: 'users', ttlNanos: second, size: 1 })
    const writer = stashes.define({ name: 'users', ttlNanos: 0, size: 2, strategy: 'LFU' })
    writer.set('a', 'x', second)
    writer.set('b', 'y', second)
    assert.deepEqual([stashes.get('users', 'a'), stashes.get('users', 'b')], ['', 'y'])
    assert.deepEqual(stashes.sizes(), [
      { name: 'users', strategy: 'LRU', size: 1, hitCount: 1, missCount: 1 },
      { name: 'users', strategy: 'LFU', size: 2, hitCount: 0, missCount: 0 },
    ])
  })

  test('the default size is 100', () => {
    const stashes = new Stashes(clock)
    stashes.define({ name: 'users', ttlNanos: second, size: 0 })
    for (let i = 0; i < 500; i++) stashes.set('users', `${i}`, 'x', undefined)
    assert.equal(stashes.sizes()[0]?.size, 100)
  })
})

suite('createCache', () => {
  const step = fc.record({
    key: fc.nat(12).map(String),
    action: fc.constantFrom('get', 'set', 'set', 'get', 'delete'),
  })
  for (const strategy of cacheStrategies) {
    test(`${strategy} is bounded and never answers with what was not last set`, () => {
      const law = fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step), (capacity, steps) => {
        const cache = createCache<number>(strategy, capacity)
        const model = new Map<string, number>()
        for (const [i, { key, action }] of steps.entries()) {
          if (action === 'set') {
            cache.set(key, i)
            model.set(key, i)
            assert.equal(cache.get(key), i)
          } else if (action === 'delete') {
            cache.delete(key)
            model.delete(key)
            assert.equal(cache.get(key), undefined)
          } else {
            const value = cache.get(key)
            assert.ok(value === undefined || value === model.get(key))
          }
          assert.ok(cache.size <= capacity)
        }
        const held = [...model.keys()].filter((key) => cache.get(key) !== undefined)
        assert.equal(held.length, cache.size)
      })
      fc.assert(law, { numRuns: 500 })
    })

    test(`${strategy} keeps everything while there is room`, () => {
      const cache = createCache<number>(strategy, 50)
      for (let i = 0; i < 50; i++) cache.set(String(i), i)
      for (let i = 0; i < 50; i++) assert.equal(cache.get(String(i)), i)
    })

    test(`${strategy} has no room for nothing`, () => {
      assert.throws(() => createCache(strategy, 0), RangeError)
    })
  }

  /** What is left of a, b, c after `a` was used twice and `b` once, then `d` and `e` come. */
  const kept: Record<string, string> = { LRU: 'de', LFU: 'ae', ARC: 'ae' }
  for (const strategy of cacheStrategies) {
    test(`${strategy} drops what it should`, () => {
      const cache = createCache<true>(strategy, 2)
      cache.set('a', true)
      cache.get('a')
      cache.get('a')
      for (const key of 'bde') cache.set(key, true)
      const left = [...'abde'].filter((key) => cache.get(key)).join('')
      assert.equal(left, kept[strategy])
    })
  }
})
