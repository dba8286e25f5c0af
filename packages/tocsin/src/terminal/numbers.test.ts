import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatBytes, formatShare, formatSpan } from './numbers.ts'
import { formatTable } from './table.ts'

suite('numbers for people', () => {
  const shares: [part: number, whole: number, text: string][] = [
    [0, 0, '0 %'],
    [1, 1, '100 %'],
    [9999, 10_000, '99.9 %'],
    [1, 3, '33.3 %'],
  ]
  for (const [part, whole, text] of shares) {
    test(`${part} of ${whole}`, () => assert.equal(formatShare(part, whole), text))
  }
  const spans: Record<string, number> = {
    '42 ms': 42,
    '3.1 s': 3100,
    '4 min': 240_000,
    '2.5 h': 9_000_000,
    '3 days': 259_200_000,
  }
  for (const [text, ms] of Object.entries(spans)) {
    test(text, () => assert.equal(formatSpan(ms), text))
  }
  test('bytes', () => assert.equal(formatBytes(13_002_342), '12.4 MiB'))
})

test('a table aligns by what is seen and ends without blanks', () => {
  const rows = [
    ['sshd', '12'],
    ['\x1b[1mnginx\x1b[22m', '3'],
  ]
  assert.deepEqual(formatTable([{ title: 'name' }, { title: 'n', align: 'right' }], rows), [
    'NAME     N',
    'sshd    12',
    '\x1b[1mnginx\x1b[22m    3',
  ])
})
