import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { expressionSource } from './expression-source.ts'
import { read } from './testing.ts'

function sourceOf(text: string): ReturnType<typeof expressionSource> {
  const root = read(text).documents[0]?.root
  const value = root?.kind === 'map' ? root.entries.get('f')?.value : undefined
  assert.equal(value?.kind, 'scalar')
  return expressionSource(value)
}

/** Where `word` of the text stands in the file: `line:column raw text`. */
function locate(text: string, word: string): string {
  const source = sourceOf(text)
  const start = source.text.indexOf(word)
  assert.notEqual(start, -1)
  const span = source.locate(start, start + word.length)
  const { line, column } = span.source.positionAt(span.start)
  return `${line}:${column} ${span.source.text.slice(span.start, span.end)}`
}

suite('locate', () => {
  const cases: [text: string, word: string, place: string][] = [
    ['f: abc def', 'def', '1:8 def'],
    ['f: abc def\n', 'abc', '1:4 abc'],
    ["f: 'a == ''b'' + c'", "'b'", "1:10 ''b''"],
    ["f: 'a == ''b'' + c'", 'c', '1:18 c'],
    ['f: "a\\\\d + \\"x\\" + c"', '"x"', '1:12 \\"x\\"'],
    ['f: "\\U0001F600 + c"', 'c', '1:18 c'],
    ['f: "a\n\n   b c"', 'c', '3:6 c'],
    ['f: "a\\\n   b"', 'b', '2:4 b'],
    ["f: 'a\n   b'", 'b', '2:4 b'],
    ['f: a\n  b\n\n  c', 'b', '2:3 b'],
    ['f: a\n  b\n\n  c', 'c', '4:3 c'],
    ['x: 1\nf: |\n  one &&\n    two\n', 'two', '4:5 two'],
    ['f: |\n  one\n\n  one two\n', 'two', '4:7 two'],
    ['f: >\n  one\n  two\n\n  three\n', 'three', '5:3 three'],
    ['f: >-\n  one\n  two\n', 'one two', '2:3 one\n  two'],
    ['f: |\r\n  one\r\n  two\r\n', 'two', '3:3 two'],
  ]
  for (const [text, word, place] of cases) {
    test(`${JSON.stringify(text)} ${word}`, () => assert.equal(locate(text, word), place))
  }
  test('past the end is the end', () => {
    const source = sourceOf('f: "abc"\n')
    assert.deepEqual(source.locate(3, 99), source.span.source.span(7, 7))
    assert.deepEqual(source.locate(-5, 0), source.span.source.span(4, 4))
  })
  test('an empty value is where it would stand', () => {
    const source = sourceOf('f:\n')
    assert.deepEqual(source.locate(0, 1), source.span.source.span(2, 2))
  })
})

test('every visible character of a text is found in the file', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', 'b', '(', '=', '1'),
    minLength: 1,
    maxLength: 4,
  })
  const lines = fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  })
  const style = fc.constantFrom('|', '>', '"', "'", '')
  const law = fc.property(lines, style, (words, mark) => {
    const rows = words.map((row) => row.join(' '))
    const isBlock = mark === '|' || mark === '>'
    // A plain value must not begin with an indicator.
    const body = isBlock ? rows.map((row) => `\n  ${row}`).join('') : rows.join('\n  ')
    const text = isBlock
      ? `f: ${mark}${body}\n`
      : `f: ${mark}${mark === '' ? 'x' : ''}${body}${mark}\n`
    const source = sourceOf(text)
    for (let i = 0; i < source.text.length; i++) {
      const c = source.text[i] ?? ''
      if (/\s/.test(c)) continue
      const span = source.locate(i, i + 1)
      assert.equal(text[span.start], c, text)
    }
  })
  fc.assert(law, { numRuns: 300 })
})
