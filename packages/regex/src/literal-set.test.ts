import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Automaton } from './automaton.ts'
import { type LiteralMatch, LiteralSet } from './literal-set.ts'

suite('the leftmost literal wins, then the earliest row', () => {
  const cases: readonly (readonly [readonly string[], string, LiteralMatch | undefined])[] = [
    [['bot', 'crawl'], 'a crawling bot', { row: 1, start: 2, end: 7 }],
    [['abcd', 'bc'], 'xabce', { row: 1, start: 2, end: 4 }],
    [['abcd', 'bc'], 'xabcd', { row: 0, start: 1, end: 5 }],
    [['ab', 'abc'], 'abc', { row: 0, start: 0, end: 2 }],
    [['abc', 'ab'], 'abc', { row: 0, start: 0, end: 3 }],
    [['x', 'x'], 'x', { row: 0, start: 0, end: 1 }],
    [['b', '', 'a'], 'ab', { row: 1, start: 0, end: 0 }],
    [['a', ''], 'ab', { row: 0, start: 0, end: 1 }],
    [[], 'a', undefined],
    [['é😀'], 'xé😀', { row: 0, start: 1, end: 4 }],
    [['A'], 'a', undefined],
  ]
  for (const [literals, text, expected] of cases) {
    test(`${JSON.stringify(literals)} in ${text}`, () => {
      assert.deepEqual(new LiteralSet(literals).find(text), expected)
    })
  }
})

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), maxLength: 5 })
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', 'x'), maxLength: 20 })

test('find is the search for each literal', () => {
  const law = fc.property(fc.array(letters, { maxLength: 8 }), texts, (literals, text) => {
    let expected: LiteralMatch | undefined
    literals.forEach((literal, row) => {
      const start = text.indexOf(literal)
      if (start < 0 || (expected && start >= expected.start)) return
      expected = { row, start, end: start + literal.length }
    })
    const set = new LiteralSet(literals)
    assert.deepEqual(set.find(text), expected)
    assert.equal(set.test(text), expected !== undefined)
  })
  fc.assert(law, { numRuns: 1000 })
})

test('an automaton without a table takes the same steps', () => {
  const words = fc.array(letters, { maxLength: 8 }).map((all) => all.filter((word) => word !== ''))
  const law = fc.property(words, texts, fc.boolean(), (literals, text, ignoreCase) => {
    const dense = new Automaton(literals, { ignoreCase })
    const sparse = new Automaton(literals, { ignoreCase, maxCells: 0 })
    let states: [number, number] = [0, 0]
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      states = [dense.step(states[0], unit), sparse.step(states[1], unit)]
      assert.equal(states[0], states[1])
    }
  })
  fc.assert(law)
})

test('letters of either case take the same step when case is ignored', () => {
  const automaton = new Automaton(['skó'], { ignoreCase: true })
  for (const text of ['skó', 'SKó', '\u017f\u212aó']) {
    const state = Array.from(text).reduce((at, char) => automaton.step(at, char.charCodeAt(0)), 0)
    assert.deepEqual(automaton.textsOf(automaton.ending(state)), [0], text)
  }
  assert.equal(new Automaton(['k']).step(0, 0x4b), 0)
})

test('each tells every literal wherever it stands', () => {
  const law = fc.property(fc.array(letters, { maxLength: 8 }), texts, (words, text) => {
    const literals = words.filter((word) => word !== '')
    const found: string[] = []
    new LiteralSet(literals).each(text, (row, end) => found.push(`${row} ${end}`))
    const expected = literals.flatMap((literal, row) =>
      Array.from(text, (_, at) => at + 1)
        .filter((end) => text.slice(0, end).endsWith(literal))
        .map((end) => `${row} ${end}`),
    )
    assert.deepEqual(found.sort(), expected.sort())
  })
  fc.assert(law)
})
