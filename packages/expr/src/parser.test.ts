import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { formatAst } from './format-ast.test-support.ts'
import { parseExpression } from './parser.ts'
import { ExpressionSyntaxError } from './syntax-error.ts'

const parse = (text: string) => formatAst(parseExpression(text, () => false))

suite('precedence', () => {
  const grouped: Record<string, string> = {
    'a or b and c': '(a || (b && c))',
    'a || b || c or d': '(a || b || c || d)',
    'a and b == c': '(a && (b == c))',
    'a == b == c': '((a == b) == c)',
    'a + b == c * d': '((a + b) == (c * d))',
    'a - b - c': '((a - b) - c)',
    'a * b % c / d': '(((a * b) % c) / d)',
    'a ** b ^ c': '(a ** (b ** c))',
    '-a ** b': '(- (a ** b))',
    '-a * b': '((- a) * b)',
    '1..n + 1': '(1 .. (n + 1))',
    'not a in b': '((! a) in b)',
    '!a == b': '((! a) == b)',
    'not a * b': '(! (a * b))',
    'a not in b': '(! (a in b))',
    "a not contains 'x' and b": '((! (a contains "x")) && b)',
    'a not matches b || c': '((! (a matches b)) || c)',
    'a < b < c': '((a < b) && (b < c))',
    'a < b <= c != d': '(((a < b) && (b <= c)) != d)',
    'a == b ?? c': '(a == (b ?? c))',
    'a ?? b ?? c': '((a ?? b) ?? c)',
    'a ?? b ? c : d': '((a ?? b) : c : d)',
    'a ? b : c ? d : e': '(a : b : (c : d : e))',
    'a ?: b': '(a ?: b)',
    'a == 1 ? b : c': '((a == 1) : b : c)',
    'a | f(b) | g()': 'g(f(a, b))',
    'a + b | f()': 'f((a + b))',
    'a.b?.c.d': '<a.["b"]?.["c"].["d"]>',
    'a?.[1][2:3].in': '<a?.[1][2:3].["in"]>',
    'a[:1] + a[1:] + a[:]': '((a[:1] + a[1:]) + a[:])',
    'a.f(1, 2,).g': 'a.["f"](1, 2).["g"]',
    '::len(a)': '::len(a)',
    'let x = 1; let y = x; x + y': '(let x = 1; (let y = x; (x + y)))',
    'a; b; c;': '(a; b; c)',
    'if a { b } else if c { d } else { e }': '(a : b : (c : d : e))',
    '[1, 2,]': '[1, 2]',
    "{a: 1, 'b c': 2, 3: x, (e): y,}": '{"a": 1, "b c": 2, "3": x, e: y}',
    'any(a, {# > 1})': 'any(a, {(#element > 1)})',
    'any(a, # > 1)': 'any(a, {(#element > 1)})',
    'any(a, {.b == .c.d})': 'any(a, {(#element.["b"] == #element.["c"].["d"])})',
    'map(a, {let n = #; n})': 'map(a, {(let n = #element; n)})',
    'reduce(a, {#acc + #index}, 0)': 'reduce(a, {(#accumulator + #index)}, 0)',
    'count(a)': 'count(a)',
    'a | filter({# > 1}) | len()': 'len(filter(a, {(#element > 1)}))',
    'f()': 'f()',
  }
  for (const [text, wanted] of Object.entries(grouped)) {
    test(text, () => assert.equal(parse(text), wanted))
  }
})

suite('what is no expression', () => {
  const refused: Record<string, string> = {
    '': 'TOC_EXPR_EMPTY',
    '  // only a note': 'TOC_EXPR_EMPTY',
    'a b': 'TOC_EXPR_SYNTAX',
    'a +': 'TOC_EXPR_SYNTAX',
    '(a': 'TOC_EXPR_SYNTAX',
    'a)': 'TOC_EXPR_SYNTAX',
    '[1, 2': 'TOC_EXPR_SYNTAX',
    'f(a': 'TOC_EXPR_SYNTAX',
    'a.': 'TOC_EXPR_SYNTAX',
    'a ? b': 'TOC_EXPR_SYNTAX',
    'if a { b }': 'TOC_EXPR_SYNTAX',
    'let x = 1': 'TOC_EXPR_SYNTAX',
    'a | b': 'TOC_EXPR_SYNTAX',
    'a | 1': 'TOC_EXPR_SYNTAX',
    'any(a, {#}, 1)': 'TOC_EXPR_SYNTAX',
    "a ?? '' != ''": 'TOC_EXPR_COALESCE',
    'a ?? b && c': 'TOC_EXPR_COALESCE',
    '# == 1': 'TOC_EXPR_POINTER',
    'any(a, {#other})': 'TOC_EXPR_POINTER',
    '.a': 'TOC_EXPR_SYNTAX',
  }
  for (const [text, code] of Object.entries(refused)) {
    test(text || '(nothing)', () => assert.throws(() => parse(text), { code }))
  }
})

suite('limits', () => {
  const limit = { code: 'TOC_EXPR_LIMIT' }
  test('10 000 nodes', () => {
    assert.throws(() => parse(`[${'1,'.repeat(10_000)}]`), limit)
    assert.doesNotThrow(() => parse(`[${'1,'.repeat(9_998)}]`))
  })
  for (const text of ['(', '[', '-', 'f(', 'not ', 'a ? ', '{a: ', 'any(a, ']) {
    test(`a million of ${text}`, () => {
      assert.throws(() => parse(text.repeat(1_000_000)), limit)
    })
  }
  test('a long chain of + or members is refused, of || is not', () => {
    assert.throws(() => parse(`a${'+a'.repeat(2000)}`), limit)
    assert.throws(() => parse(`a${'.a'.repeat(2000)}`), limit)
    assert.doesNotThrow(() => parse(`a${' || a'.repeat(4000)}`))
  })
})

test('any text is parsed or refused, in the time its length allows', () => {
  const pieces = ['a', '1', "'s'", '(', ')', '[', ']', '{', '}', '.', '?.', '?', ':', ',', ';', '#']
  const more = [
    '+',
    '**',
    '??',
    '|',
    '||',
    'not ',
    ' in ',
    'let ',
    '=',
    'if ',
    ' else ',
    'any(',
    '..',
  ]
  const law = fc.property(
    fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 30 }),
    (parts) => {
      try {
        assert.notEqual(parse(parts.join('')), '')
      } catch (error) {
        if (!(error instanceof ExpressionSyntaxError)) throw error
      }
    },
  )
  fc.assert(law, { numRuns: 2000 })
})
