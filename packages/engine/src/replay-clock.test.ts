import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Instant } from '@tocsin/model'
import { ReplayClock } from './replay-clock.ts'

test('the present of a replay is the latest time a line told, and never goes back', () => {
  const clock = new ReplayClock(5000)
  assert.equal(clock.nowMs(), 5000)
  clock.observe(new Instant(1000))
  assert.equal(clock.nowMs(), 1000)
  clock.observe(new Instant(3000))
  clock.observe(new Instant(2000))
  assert.equal(clock.nowMs(), 3000)
})
