import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fuzzedRequest, sendFuzzed } from '../../packages/lapi/src/testing/fuzz-requests.ts'
import { TestLapi } from '../../packages/lapi/src/testing/test-lapi.ts'

const budgetMs = 30_000

test('for half a minute nothing anybody sends is an error of ours', {
  timeout: 120_000,
}, async () => {
  await using lapi = await TestLapi.start()
  const callers = [{}, await lapi.machine(), await lapi.bouncer()]
  const law = fc.asyncProperty(fuzzedRequest, fc.constantFrom(...callers), async (sent, caller) => {
    const reply = await sendFuzzed(lapi, caller, sent)
    assert.ok(reply.status < 500, `${reply.status} ${reply.text}`)
  })
  await fc.assert(law, { numRuns: 10_000_000, interruptAfterTimeLimit: budgetMs })
  assert.equal((await lapi.request('GET', '/ready')).status, 200)
})
