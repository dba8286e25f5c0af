import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import { composeDocuments } from './compose-documents.ts'
import { readPlainDocuments } from './plain-reader.ts'
import type { YamlDocument } from './read-yaml.ts'
import { shapeOf } from './testing.ts'

function shapes(documents: readonly YamlDocument[]): unknown[] {
  return documents.map(({ root, span }) => [span.start, span.end, shapeOf(root)])
}

/** The library reads the same, to the offset, and finds nothing wrong. */
function assertSameAsLibrary(text: string): boolean {
  const source = new SourceText('f.yaml', text)
  const plain = readPlainDocuments(source)
  if (!plain) return false
  const problems = new Problems()
  const composed = composeDocuments(source, problems)
  assert.deepEqual(problems.list, [], text)
  assert.deepEqual(shapes(plain), shapes(composed), text)
  return true
}

suite('read here, as the library reads it', () => {
  const texts = [
    'a: 1',
    '# note\n\na: 1 # end\nb : x\n',
    '---\na: 1\n--- # two\nb: 2\n',
    'list:\n- a\n- b: 1\n  c: 2\n-\n  d: 3\n-\nother:\n  - x\n',
    'a:\nb: ~\nc:   # nothing\nd: ""\n',
    'a: "tab\\t \\"q\\" \\\\d"\nb: \'it\'\'s # not a note\'\n"c d": 1\n\'e\' : 2\n',
    'a: |\n  one\n    two\n\n  three\n\nb: 1\n',
    'a: |-\n  one\n\n\nb: |+\n  two\n\n\nc: >\n  folded\n  text\n\n  next\n',
    'a: |\n  last line without break',
    'a: [x, "y z", \'w\' , 1.5]\nb: []\nc: {}\nd: [ ]\n',
    'a: -1\nb: x:y\nc: http://h/#f\nd: a#b\ne: é\u00a0\n',
    '  a: 1\n  b:\n     c: 2\n',
    'a: |\n  text\n # note\nb: 1\n',
  ]
  for (const text of texts) {
    test(JSON.stringify(text), () => assert.equal(assertSameAsLibrary(text), true))
  }
})

suite('left to the library', () => {
  const texts = [
    '',
    '# nothing\n',
    'text',
    'a: b: c\n',
    'a: b:\n',
    'a: 1\na: 2\n',
    'a: &x 1\n',
    'a: *x\n',
    '<<: {}\n',
    'a: {b: 1}\n',
    'a: [b: 1]\n',
    'a: [b,]\n',
    'a: [b\n',
    'a: one\n  two\n',
    'a: "one\n  two"\n',
    'a: "\\x41"\n',
    'a: "x" y\n',
    "a: 'x'#y\n",
    'a: |2\n  x\n',
    'a: >\n  x\n    y\n',
    'a: 1\n  b: 2\n',
    ' a: 1\nb: 2\n',
    '- - a\n',
    'a: - b\n',
    'a:\t1\n',
    'a: 1\r\n',
    '---\n---\na: 1\n',
    'a: 1\n...\n',
    '%YAML 1.1\n---\na: 1\n',
    '--- a\n',
    'a: @x\n',
    'a:1\nb: 2\n',
    `${'k'.repeat(1100)}: 1\n`,
  ]
  for (const text of texts) {
    test(JSON.stringify(text.slice(0, 40)), () => {
      assert.equal(readPlainDocuments(new SourceText('f.yaml', text)), undefined)
    })
  }
})

test('whatever is read here, the library reads the same', () => {
  const content = fc.constantFrom(
    'a: 1',
    'b: "x y" # note',
    "c: 'q''r'",
    'd:',
    'e: |',
    'f: >-',
    'g: [x, "y"]',
    'h : -1',
    'i: {}',
    '- a',
    '- b: 2',
    '-',
    '- |+',
    '- "k": v',
    'plain words',
    '# note',
    '',
    '---',
    '"j": ~',
    'k: x: y',
    'l: x #',
    'm: :x',
    'n: "\\n\\\\"',
    "- ''",
  )
  const line = fc.tuple(fc.constantFrom(0, 0, 1, 2, 2, 3, 4, 6), content)
  const text = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 8 }), fc.constantFrom('', '\n', '\n\n', ' \n'))
    .map(([lines, end]) => lines.map(([n, c]) => ' '.repeat(n) + c).join('\n') + end)
  let readCount = 0
  const law = fc.property(text, (value) => {
    if (assertSameAsLibrary(value)) readCount++
  })
  fc.assert(law, { numRuns: 3000 })
  assert.ok(readCount > 100, `only ${readCount} texts were plain`)
})
