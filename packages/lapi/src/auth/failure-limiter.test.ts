import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestClock } from '../testing/test-lapi.ts'
import { FailureLimiter } from './failure-limiter.ts'

const hourMs = 3_600_000

for (const hours of [0, -1, 1]) {
  test(`who failed too often waits a minute at most, the clock set by ${hours} h`, () => {
    const clock = new TestClock()
    const limiter = new FailureLimiter(clock, { burst: 3, perMinute: 2 })
    for (let i = 0; i < 3; i++) limiter.addFailure('somebody')
    assert.equal(limiter.waitSeconds('somebody'), 30)
    clock.advance(hours * hourMs)
    assert.equal(limiter.waitSeconds('somebody'), hours > 0 ? 0 : 30)
    clock.advance(60_000)
    assert.equal(limiter.waitSeconds('somebody'), 0)
  })
}
