import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compilePattern } from './compile-pattern.ts'

// Backtracking takes from seconds to ages on each of these. The bound leaves room for a busy
// machine; bench/pattern.bench.ts measures the few ms that they take.
// Measured are some 100 ms; a machine with other work to do takes several times as long.
const boundMs = 5000
const long = 65_536

const corpus: Readonly<Record<string, readonly [string, string]>> = {
  'loops in loops': ['^(?P<a>\\w+\\s?)*$', `${'a'.repeat(long)}!`],
  'loops in loops, short': ['(?i)^(\\w+\\s?)*$', `${'a'.repeat(30)}!`],
  'a choice that overlaps': ['^(?:a|a)*$', `${'a'.repeat(long)}b`],
  'optional parts': [`^${'a?'.repeat(40)}${'a'.repeat(40)}$`, 'a'.repeat(39)],
  'a word without its end': ['\\w+@\\w+\\.com', 'a'.repeat(long)],
  'three lazy runs': ['.*?a.*?b.*?c', 'ab'.repeat(long / 2)],
  'three greedy runs': ['(?P<a>.*)a(?P<b>.*)b(?P<c>.*)c$', 'ab'.repeat(long / 2)],
  'quotes that never close': ['"[^"]*";', '"'.repeat(long)],
  'spaces at the end': ['\\s+$', `${' '.repeat(long)}x`],
  'counted loops': ['(?:[0-9a-f]{1,4}:){0,40}x', 'a:'.repeat(long / 2)],
  'a large count': ['(?:.{0,500}a){2}b', 'a'.repeat(long)],
  'two engines': ['(?:(?P<a>a)|b|\\w)*!', 'ab'.repeat(2048)],
  pairs: ['(?:.+.)+\\d$', '😀'.repeat(long / 2)],
  'one megabyte': ['^(?P<a>(?:a|b)*)*$', `${'ab'.repeat(524_288)}c`],
  'NUL and control characters': ['(?:\\x00+\\x1b?)+$', `${'\0'.repeat(long)}x`],
}

suite('a hostile text takes no longer than its length allows', () => {
  for (const [name, [source, text]] of Object.entries(corpus)) {
    test(name, () => {
      const pattern = compilePattern(source)
      const start = performance.now()
      assert.equal(pattern.exec(text), null)
      assert.equal(pattern.test(text), false)
      assert.ok(performance.now() - start < boundMs, `${performance.now() - start} ms`)
    })
  }
})

test('a text that exhausts the stack of the backtracking engine is matched all the same', () => {
  const pattern = compilePattern('(?:(?P<a>a)(?P<b>b))*(?P<c>c)?$')
  assert.deepEqual(pattern.match('ab'.repeat(1 << 22))?.groups, ['a', 'b', undefined])
})
