import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isPairSafe } from './pair-safety.ts'
import { parsePattern } from './parse-pattern.ts'

suite('patterns that cannot tell one character from its two halves', () => {
  const safe = [
    'foo',
    '"[^"]*" .*? HTTP',
    '(?:\\S+ )*',
    '^.*$',
    '[à-ü]+',
    '😀+',
    '(?:a.*|b\\S+)',
    'x.+',
  ]
  const unsafe = [
    '.',
    '.{2,5}',
    '.*\\S+',
    '\\S+?',
    '(?:[^"\\\\]|\\\\.)*',
    '[😀-😎]',
    '.*😀',
    '(?:.+x?)+',
    '\\B',
  ]
  for (const source of safe) test(source, () => assert.ok(isPairSafe(parsePattern(source))))
  for (const source of unsafe) test(source, () => assert.ok(!isPairSafe(parsePattern(source))))
})
