import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems } from '@tocsin/diagnostic'
import { createDetection } from '@tocsin/engine'
import { Instant, systemClock } from '@tocsin/model'
import { chooseData, chooseRules } from '../rules/rule-options.ts'
import { guessType } from './guess-type.ts'

const detection = createDetection(
  chooseRules({}, new Problems()),
  { clock: systemClock, ...chooseData({}) },
  new Problems(),
)
const request =
  '203.0.113.7 - - [03/Nov/2026:06:00:48 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0"'

suite('the type of a log', () => {
  const cases: Record<string, [path: string, lines: string[], type: string | undefined]> = {
    'syslog, whoever wrote it': [
      'messages',
      ['Nov  3 06:00:48 web01 unknown[12]: something', 'Nov  3 06:00:49 web01 other: thing'],
      'syslog',
    ],
    'an access log by the name of its folder': [
      '/var/log/apache2/access.log',
      [request],
      'apache2',
    ],
    'an access log by nothing': ['access.log', [request], 'nginx'],
    'no log at all': ['notes.txt', ['milk', 'bread'], undefined],
  }
  for (const [name, [path, lines, type]] of Object.entries(cases)) {
    test(name, () => assert.equal(guessType(detection, lines, path, new Instant(0)), type))
  }

  test('leaves no trace', () => {
    guessType(detection, [request, 'x'], 'a.log', new Instant(0))
    assert.ok(detection.rules.parsers.nodes.every((node) => node.takenCount === 0))
    assert.deepEqual(detection.failures.list(), [])
  })
})
