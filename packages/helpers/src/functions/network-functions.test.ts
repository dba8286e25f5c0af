import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { EvaluationError } from '@tocsin/expr'
import { Duration, Instant } from '@tocsin/model'
import { createCaller } from './caller.test-support.ts'

const call = createCaller({ clock: { nowMs: () => 1_700_000_000_900 }, hostname: 'gate' })

suite('addresses and times', () => {
  const cases: readonly (readonly [string, readonly unknown[], unknown])[] = [
    ['IpInRange', ['192.0.2.7', '192.0.2.0/24'], true],
    ['IpInRange', ['192.0.3.7', '192.0.2.0/24'], false],
    ['IpInRange', ['::ffff:192.0.2.7', '192.0.2.0/24'], true],
    ['IpInRange', ['192.0.2.7', '::ffff:192.0.2.0/120'], true],
    ['IpInRange', ['2001:db8::1', '2001:db8::/32'], true],
    ['IpInRange', ['192.0.2.7', '192.0.2.7'], false],
    ['IpInRange', ['192.0.2.7', 'nonsense/24'], false],
    ['IpInRange', ['nonsense', '192.0.2.0/24'], false],
    ['IpInRange', ['', '192.0.2.0/24'], false],
    ['IpInRange', ['fe80::1%eth0', 'fe80::/10'], false],
    ['IsIPV4', ['192.0.2.7'], true],
    ['IsIPV4', ['::ffff:192.0.2.7'], true],
    ['IsIPV4', ['::1'], false],
    ['IsIPV6', ['::1'], true],
    ['IsIPV6', ['::ffff:192.0.2.7'], false],
    ['IsIPV6', ['x'], false],
    ['IsIP', ['192.0.2.7'], true],
    ['IsIP', ['192.0.2'], false],
    ['IpToRange', ['192.0.2.7', '24'], '192.0.2.0/24'],
    ['IpToRange', ['192.0.2.7', '/24'], '192.0.2.0/24'],
    ['IpToRange', ['2001:db8:1:2::7', '/64'], '2001:db8:1:2::/64'],
    ['IpToRange', ['192.0.2.7', '33'], ''],
    ['IpToRange', ['192.0.2.7', 'x'], ''],
    ['IpToRange', ['x', '24'], ''],
    ['Distance', ['0', '0', '51.5', '-0.1'], 0],
    ['Distance', ['51.5', '-0.1', '51.5', '-0.1'], 0],
    ['Hostname', [], 'gate'],
    ['TimeNow', [], '2023-11-14T22:13:20Z'],
    ['ParseUnix', ['1700000000'], '2023-11-14T22:13:20Z'],
    ['ParseUnix', ['1700000000.75'], '2023-11-14T22:13:20Z'],
    ['ParseUnix', ['0'], ''],
    ['ParseUnix', ['-5'], ''],
    ['ParseUnix', ['x'], ''],
    ['ParseUnix', ['99999999999999999'], ''],
  ]
  for (const [name, args, result] of cases) {
    test(`${name}(${JSON.stringify(args).slice(1, -1)})`, () => {
      assert.deepEqual(call(name, ...args), result)
    })
  }

  test('Paris to London is 344 km', () => {
    const km = call('Distance', '48.8566', '2.3522', '51.5074', '-0.1278')
    assert.equal(Math.round(km as number), 344)
    assert.throws(() => call('Distance', '', '1', '2', '3'), EvaluationError)
  })

  test('local time is that of the role', () => {
    const local = createCaller({ offsetMinutesAt: () => 60 })
    assert.equal(local('ParseUnix', '1700000000'), '2023-11-14T23:13:20+01:00')
  })

  test('thousands of ranges are asked fast', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`)
    const started = performance.now()
    for (let round = 0; round < 10; round++) {
      assert.equal(
        lines.some((line) => call('IpInRange', `192.0.2.${round}`, line) === true),
        false,
      )
    }
    assert.ok(performance.now() - started < 1000)
  })
})

suite('intervals', () => {
  const at = (seconds: number) => new Instant(seconds * 1000)
  const cases: readonly (readonly [string, readonly number[], number])[] = [
    ['AverageInterval', [0, 10, 40], 20],
    ['AverageInterval', [40, 0, 10], 20],
    ['AverageInterval', [5, 5], 0],
    ['MedianInterval', [0, 10, 40], 20],
    ['MedianInterval', [100, 0, 10, 40], 30],
    ['MedianInterval', [0, 7], 7],
  ]
  for (const [name, seconds, wanted] of cases) {
    test(`${name} of ${seconds}`, () => {
      assert.deepEqual(call(name, seconds.map(at)), new Duration(wanted * 1e9))
    })
  }

  test('too few times, or none, are refused and the list stays as it is', () => {
    for (const list of [undefined, [], [at(1)], [at(1), 'x']]) {
      assert.throws(() => call('MedianInterval', list), EvaluationError)
      assert.throws(() => call('AverageInterval', list), EvaluationError)
    }
    const list = [at(2), at(1)]
    call('MedianInterval', list)
    assert.deepEqual(list, [at(2), at(1)])
  })
})
