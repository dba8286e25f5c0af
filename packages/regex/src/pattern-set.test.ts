import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compilePattern } from './compile-pattern.ts'
import { PatternSet } from './pattern-set.ts'

suite('the first pattern that matches, in the order given', () => {
  const sources = ['\\bbot\\b', '(?i)crawl(?:er|ing)', '^\\d+$', 'a.c|x+y', 'Kelvin']
  const set = new PatternSet(sources)
  const first: Readonly<Record<string, number>> = {
    'a bot crawler': 0,
    'a robot CRAWLING': 1,
    '42': 2,
    'abc Kelvin': 3,
    kelvin: -1,
    '': -1,
  }
  for (const [text, index] of Object.entries(first)) {
    test(text, () => {
      assert.equal(set.firstMatch(text), index)
      assert.equal(set.matchesAny(text), index >= 0)
    })
  }
})

test('a set answers as its patterns do one by one', () => {
  const pieces = fc.constantFrom(
    'a',
    'b',
    'K',
    's',
    '.',
    '[ab]',
    '(?i)k',
    'x?',
    'a+',
    '|',
    '\\b',
    'é',
  )
  const source = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''))
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'k', 'K', '\u212a', 's', 'S', 'é', ' '),
  })
  const law = fc.property(
    fc.array(source, { maxLength: 6 }),
    fc.array(text, { maxLength: 5 }),
    fc.boolean(),
    (sources, texts, ignoreCase) => {
      const options = { ignoreCase }
      const set = new PatternSet(sources, options)
      const cached = new PatternSet(sources, { ignoreCase, cacheSize: 2 })
      for (const text of [...texts, ...texts]) {
        const expected = sources.findIndex((source) => compilePattern(source, options).test(text))
        assert.equal(set.firstMatch(text), expected)
        assert.equal(cached.firstMatch(text), expected)
      }
    },
  )
  fc.assert(law, { numRuns: 500 })
})

test('the cache is bounded', () => {
  const set = new PatternSet(['a'], { cacheSize: 3 })
  for (let i = 0; i < 10; i++) set.matchesAny(`text ${i}`)
  assert.equal(set.cachedCount, 3)
  assert.equal(new PatternSet(['a']).cachedCount, 0)
})

test('a bad pattern is refused', () => {
  assert.throws(() => new PatternSet(['a', '(']), { code: 'TOC_REGEX_PARENTHESIS' })
})

const shared = process.env.TOCSIN_SHARED ?? '../shared'
const file = `${shared}/hub-data/web/bad_user_agents.regex.txt`
const skip = existsSync(file) ? false : `${file} is absent`

test('the bad user agents of the hub', { skip }, () => {
  const sources = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const set = new PatternSet(sources, { ignoreCase: true })
  assert.ok(set.patterns.every((pattern) => pattern.engine === 'v8'))
  assert.ok(set.matchesAny('Mozilla/5.0 (compatible; blexbot/1.0; +http://webmeup-crawler.com/)'))
  assert.ok(set.matchesAny('sqlmap/1.7#stable (https://sqlmap.org)'))
  assert.ok(
    !set.matchesAny('Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0'),
  )
})
