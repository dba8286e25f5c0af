import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { readTokens } from './lexer.ts'
import { ExpressionSyntaxError } from './syntax-error.ts'

const values = (text: string) =>
  readTokens(text)
    .filter((token) => token.kind !== 'end')
    .map((token) => ('value' in token ? token.value : token.text))

suite('readTokens', () => {
  const read: Record<string, (string | number)[]> = {
    "'it\\'s'": ["it's"],
    '"a\\tb\\\\"': ['a\tb\\'],
    "'\\x41\\101\\u0042\\u{1F600}\\U0001F600'": ['AAB😀😀'],
    '`a\\d``b`': ['a\\d`b'],
    'b\'x\' B"y"': ['x', 'y'],
    '42 1_000 0x2A 0o52 0b101': [42, 1000, 42, 42, 5],
    '0.5 .5 1e3 1.5E-2': [0.5, 0.5, 1000, 0.015],
    '1..3': [1, '..', 3],
    'a?.b ?? c': ['a', '?.', 'b', '??', 'c'],
    'a ?.5 : b': ['a', '?', 0.5, ':', 'b'],
    '#.x #acc': ['', '.', 'x', 'acc'],
    'a // note\n/* more */ b': ['a', 'b'],
    '$env größe _x9': ['$env', 'größe', '_x9'],
    'a\u00a0\u2003b': ['a', 'b'],
  }
  for (const [text, wanted] of Object.entries(read)) {
    test(text, () => assert.deepEqual(values(text), wanted))
  }
  test('words that are operators are names after a dot', () => {
    assert.deepEqual(
      readTokens('a.in in not').map((token) => token.kind),
      ['name', 'operator', 'name', 'operator', 'operator', 'end'],
    )
  })
  const refused: Record<string, string> = {
    "'open": 'TOC_EXPR_STRING',
    "'a\nb'": 'TOC_EXPR_STRING',
    '`open': 'TOC_EXPR_STRING',
    "'\\d'": 'TOC_EXPR_ESCAPE',
    "'\\.'": 'TOC_EXPR_ESCAPE',
    "'\\\"'": 'TOC_EXPR_ESCAPE',
    "'\\u{110000}'": 'TOC_EXPR_ESCAPE',
    '/* open': 'TOC_EXPR_COMMENT',
    '12ab': 'TOC_EXPR_NUMBER',
    '0x': 'TOC_EXPR_NUMBER',
    '9223372036854775808': 'TOC_EXPR_NUMBER',
    'a & b': 'TOC_EXPR_CHARACTER',
    'a @ b': 'TOC_EXPR_CHARACTER',
    '\0': 'TOC_EXPR_CHARACTER',
  }
  for (const [text, code] of Object.entries(refused)) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => readTokens(text), { code })
    })
  }
  test('tokens of any text lie in it, in order, or it is refused with a place in it', () => {
    const law = fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      try {
        let last = 0
        for (const { start, end } of readTokens(text)) {
          assert.ok(last <= start && start <= end && end <= text.length)
          last = end
        }
      } catch (error) {
        if (!(error instanceof ExpressionSyntaxError)) throw error
        assert.ok(0 <= error.start && error.start <= text.length)
      }
    })
    fc.assert(law, { numRuns: 500 })
  })
  test('a quoted string is read back from any text', () => {
    const law = fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = [...text]
        .map((c) => (/[\w ]/.test(c) ? c : `\\U${c.codePointAt(0)?.toString(16).padStart(8, '0')}`))
        .join('')
      assert.deepEqual(values(`"${escaped}"`), [text])
      assert.deepEqual(values(`\`${text.replaceAll('`', '``')}\``), [text])
    })
    fc.assert(law)
  })
})
