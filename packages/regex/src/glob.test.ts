import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compileGlob, globMatches } from './glob.ts'

suite('globs', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', '', false],
    ['foo*', 'foo', true],
    ['foo**', 'foo', false],
    ['foo**', 'foobar', true],
    ['a**b', 'ab', true],
    ['*.php', 'index.php', true],
    ['*.php', 'index.PHP', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?', 'é', false],
    ['??', 'é', true],
    ['*é*', 'café!', true],
    ['[a]', 'a', false],
    ['\\*', '\\x', true],
    ['a*a', 'a', false],
    ['*a?b*', 'xaab', true],
    ['a\nb*', 'a\nbc', true],
  ]
  for (const [glob, text, expected] of cases) {
    test(`${glob} on ${text}`, () => assert.equal(globMatches(glob, text), expected))
  }
})

test('globs agree with the plain definition', () => {
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
  const law = fc.property(glob, text, (glob, text) => {
    assert.equal(globMatches(glob, text), plain(glob, text))
  })
  fc.assert(law, { numRuns: 3000 })
})

/** Exponential, and what scenarios have been written against. */
function plain(glob: string, text: string): boolean {
  if (glob === '') return text === ''
  if (text === '') return glob === '*'
  if (glob[0] === '*') {
    for (let i = 0; i <= text.length; i++) if (plain(glob.slice(1), text.slice(i))) return true
    return false
  }
  return (glob[0] === '?' || glob[0] === text[0]) && plain(glob.slice(1), text.slice(1))
}

test('a hostile text takes linear time', () => {
  const glob = compileGlob(`${'*a?a'.repeat(50)}*b`)
  const start = performance.now()
  assert.equal(glob.matches('a'.repeat(1 << 20)), false)
  assert.ok(performance.now() - start < 1000)
})
