import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePattern, LiteralSet, PatternSet } from './index.ts'

test('the README says what happens', () => {
  const source = 'Failed password for (?P<user>\\S+) from (?P<source>[0-9.]+)'
  const login = compilePattern(source)
  const line = 'sshd[7]: Failed password for root from 192.0.2.7'
  assert.deepEqual(login.match(line)?.groups, ['root', '192.0.2.7'])
  assert.equal(login.engine, 'v8')
  assert.deepEqual(login.requiredLiterals, ['Failed password for '])
  const agents = new PatternSet(['\\bsqlmap\\b', 'nikto'], { ignoreCase: true })
  assert.equal(agents.firstMatch('Nikto/2.5'), 1)
  const paths = new LiteralSet(['/etc/passwd', '../'])
  assert.deepEqual(paths.find('GET /../etc/passwd'), { row: 1, start: 5, end: 8 })
})
