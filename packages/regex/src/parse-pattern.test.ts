import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compilePattern } from './compile-pattern.ts'
import { formatPattern } from './format-pattern.ts'
import { parsePattern } from './parse-pattern.ts'

suite('a refused pattern says what is wrong and where', () => {
  const refused: readonly (readonly [string, string, number])[] = [
    ['a(?=b)', 'TOC_REGEX_LOOKAROUND', 1],
    ['(?!b)', 'TOC_REGEX_LOOKAROUND', 0],
    ['(?<=b)', 'TOC_REGEX_LOOKAROUND', 0],
    ['(?<!b)', 'TOC_REGEX_LOOKAROUND', 0],
    ['(a)\\1', 'TOC_REGEX_BACKREFERENCE', 3],
    ['(?P<a>x)(?P=a)', 'TOC_REGEX_BACKREFERENCE', 8],
    ['x\\Z', 'TOC_REGEX_ESCAPE', 1],
    ['\\y', 'TOC_REGEX_ESCAPE', 0],
    ['\\e', 'TOC_REGEX_ESCAPE', 0],
    ['\\C', 'TOC_REGEX_ESCAPE', 0],
    ['\\é', 'TOC_REGEX_ESCAPE', 0],
    ['a\\', 'TOC_REGEX_ESCAPE', 1],
    ['\\x{110000}', 'TOC_REGEX_ESCAPE', 0],
    ['\\xg0', 'TOC_REGEX_ESCAPE', 0],
    ['[a\\b]', 'TOC_REGEX_ESCAPE', 2],
    ['ab**', 'TOC_REGEX_REPEAT_TWICE', 2],
    ['a*+', 'TOC_REGEX_REPEAT_TWICE', 1],
    ['a{2}{3}', 'TOC_REGEX_REPEAT_TWICE', 1],
    ['*a', 'TOC_REGEX_REPEAT_NOTHING', 0],
    ['a|+', 'TOC_REGEX_REPEAT_NOTHING', 2],
    ['(?i)?', 'TOC_REGEX_REPEAT_NOTHING', 4],
    ['a{1001}', 'TOC_REGEX_REPEAT_COUNT', 1],
    ['a{3,2}', 'TOC_REGEX_REPEAT_COUNT', 1],
    ['(?:a{30}){40}', 'TOC_REGEX_REPEAT_COUNT', 9],
    ['(?:(?:a{30})*){40}', 'TOC_REGEX_REPEAT_COUNT', 14],
    ['(a', 'TOC_REGEX_PARENTHESIS', 0],
    ['a)b', 'TOC_REGEX_PARENTHESIS', 1],
    ['x[a', 'TOC_REGEX_BRACKET', 1],
    ['[]', 'TOC_REGEX_BRACKET', 0],
    ['[z-a]', 'TOC_REGEX_RANGE', 1],
    ['[[:vowel:]]', 'TOC_REGEX_CLASS_NAME', 1],
    ['\\p{Klingon}', 'TOC_REGEX_CLASS_NAME', 0],
    ['\\p{Greek', 'TOC_REGEX_CLASS_NAME', 0],
    ['(?P<é>a)', 'TOC_REGEX_GROUP_NAME', 0],
    ['(?<a', 'TOC_REGEX_GROUP_NAME', 0],
    ['(?<a>x)(?P<a>y)', 'TOC_REGEX_DUPLICATE_NAME', 7],
    ['(?>a)', 'TOC_REGEX_GROUP', 0],
    ['(?x)a', 'TOC_REGEX_GROUP', 0],
    ['(?i-)a', 'TOC_REGEX_GROUP', 0],
    ['('.repeat(1001), 'TOC_REGEX_DEPTH', 1000],
  ]
  for (const [source, code, offset] of refused) {
    test(source.slice(0, 40), () => {
      assert.throws(() => parsePattern(source), { name: 'PatternError', code, offset })
    })
  }
})

test('a pattern that grows too large is refused when it is made', () => {
  const source = `(?:${'a{100}'.repeat(11)}){10}`.repeat(10)
  assert.throws(() => compilePattern(source), { code: 'TOC_REGEX_SIZE' })
})

suite('what stands in a pattern', () => {
  const same: Readonly<Record<string, string>> = {
    'a{,5}': 'a\\{,5\\}',
    'a{01}': 'a\\{01\\}',
    '{': '\\{',
    '\\Qa.b*\\E+': 'a\\.b(?:\\*)+',
    '\\Qa.': 'a\\.',
    '\\x41\\x{42}\\103\\0': 'ABC\\x{0}',
    '\\_\\"\\-\\/': '_"-/',
    '[]a]': '[\\]a]',
    '[^]a]': '[^\\]a]',
    '[a-]': '[\\-a]',
    '[[:digit:]x]': '[0-9x]',
    '[[:^digit:]]': '[^0-9]',
    '[[:]x]': '[:\\[]x\\]',
    '\\d\\D': '[0-9][^0-9]',
    '\\s': '[\\t-\\n\\x{C}-\\x{D} ]',
    '.': '[^\\n]',
    '(?s).': '(?s:.)',
    '(?i)k': '[Kk\\x{212A}]',
    'a(?i)b(?-i)c': 'a[Bb]c',
    'x(?:(?i)y)z': 'x[Yy]z',
    '(?i:a)b': '[Aa]b',
    '(?U)a*b*?': '(?:a)*?(?:b)*',
    '^a$': '\\Aa\\z',
    '(?m)^a$': '(?m:^)a(?m:$)',
    '(?m)\\Aa\\z': '\\Aa\\z',
    'a|b|cd': '[a-b]|cd',
    '(?:a*)+': '(?:a)*',
    '(?P<n>a)(b)': '(a)b',
    '()a': 'a',
  }
  for (const [source, printed] of Object.entries(same)) {
    test(source, () => {
      assert.equal(formatPattern(parsePattern(source)), printed)
    })
  }
})

suite('classes hold what the dialect says', () => {
  const classes: readonly (readonly [string, string, string])[] = [
    ['\\s', '\t\n\f\r ', '\v\u00a0\u2028x'],
    ['\\w', 'aZ0_', 'é\u212a-'],
    ['(?i)\\w', 'aZ0_\u212a\u017f', 'é'],
    ['[[:space:]]', '\t\v ', 'x\u00a0'],
    ['[[:punct:]]', '!/:@[`{~', 'a1 é'],
    ['\\pN', '1²½٣', 'a'],
    ['\\p{Greek}', 'αΩ', 'aж'],
    ['\\p{^Greek}', 'aж😀', 'α'],
    ['\\P{Lu}', 'a1😀', 'AÉ'],
    ['\\pL', 'aéж漢𝒳', '1😀'],
    ['(?i)[à-ü]', 'éÉ', 'e'],
    ['(?i)ß', 'ßẞ', 's'],
    ['(?i)σ', 'σςΣ', 's'],
    ['(?i)[^k]', 'aé', 'kK\u212a'],
    ['[😀-😎]', '😀😅😎', '😏a'],
    ['[^😀]', '😁a', '😀\ud83d\ude00'],
    ['.', '\r\u2028😀', '\n'],
    ['\\p{Any}', '\n😀', ''],
  ]
  for (const [source, members, others] of classes) {
    test(source, () => {
      const pattern = compilePattern(`^(?:${source})$`)
      for (const char of members) assert.ok(pattern.test(char), `U+${char.codePointAt(0)}`)
      for (const char of others) assert.ok(!pattern.test(char), `U+${char.codePointAt(0)}`)
    })
  }
})

test('a reference of a composer is asked for, and flags do not reach into it', () => {
  const inner = parsePattern('a|b')
  const tree = parsePattern('(?i)x%{AB}+\\Q%{AB}\\E', {
    takeReference: (source, offset) =>
      source.startsWith('%{AB}', offset)
        ? { node: { kind: 'capture', body: inner, reference: '%{AB}' }, end: offset + 5 }
        : undefined,
  })
  assert.equal(formatPattern(tree), '[Xx](?:(?:[a-b]))+%\\{[Aa][Bb]\\}')
})
