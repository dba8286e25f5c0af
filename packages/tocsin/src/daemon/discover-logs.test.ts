import assert from 'node:assert/strict'
import { test } from 'node:test'
import { discoverLogs } from './discover-logs.ts'

test('what is there is found, what is not is told as such', () => {
  const there = new Set(['/var/log/auth.log', '/var/log/nginx/*.log'])
  const found = discoverLogs((pattern) => there.has(pattern))
  const names = (isFound: boolean) =>
    found.filter((service) => service.found.length > 0 === isFound).map(({ name }) => name)
  assert.deepEqual(names(true), ['system and sshd', 'nginx'])
  assert.ok(names(false).includes('apache'))
})
