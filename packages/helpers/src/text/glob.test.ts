import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { matchGlob } from './glob.ts'

suite('matchGlob', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['foo', 'foo', true],
    ['foo', 'Foo', false],
    ['foo*', 'foo', true],
    ['foo**', 'foo', false],
    ['foo**', 'foox', true],
    ['**foo', 'foo', true],
    ['*.php', '/a/b.php', true],
    ['*.php', '/a/b.phpx', false],
    ['/a/*/c', '/a/x/y/c', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a??c', 'aéc', true],
    ['a?c', 'aéc', false],
    ['*é', 'caf\u00e9', true],
    ['[a]\\*', '[a]\\b', true],
    ['*a*b', 'aab', true],
  ]
  for (const [glob, text, does] of cases) {
    test(`${glob} ${does ? 'covers' : 'does not cover'} ${JSON.stringify(text)}`, () => {
      assert.equal(matchGlob(glob, text), does)
    })
  }

  test('agrees with the definition', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 })
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 5 })
    const law = fc.property(letters, texts, (glob, text) => {
      assert.equal(matchGlob(glob, text), define(glob, Buffer.from(text).toString('latin1')))
    })
    fc.assert(law, { numRuns: 500 })
  })

  test('many stars on a long text take no time', () => {
    const started = performance.now()
    assert.equal(matchGlob(`${'*a'.repeat(20)}*b`, 'a'.repeat(100_000)), false)
    assert.ok(performance.now() - started < 1000)
  })
})

/** The rules as the peer has them, without a thought for time. */
function define(glob: string, text: string): boolean {
  if (glob === '') return text === ''
  if (text === '') return glob === '*'
  if (glob[0] === '*') {
    for (let i = 0; i <= text.length; i++) if (define(glob.slice(1), text.slice(i))) return true
    return false
  }
  return (glob[0] === '?' || glob[0] === text[0]) && define(glob.slice(1), text.slice(1))
}
