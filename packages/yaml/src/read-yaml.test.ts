import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import { readYaml } from './read-yaml.ts'
import { read } from './testing.ts'
import { toData } from './to-data.ts'

function dataOf(text: string): unknown {
  const { documents, problems } = read(text)
  assert.equal(problems, '')
  const data = documents.map(({ root }) => (root === undefined ? 'empty' : toData(root)))
  return JSON.parse(JSON.stringify(data))
}

suite('documents', () => {
  const cases: [text: string, data: unknown[]][] = [
    ['', []],
    ['# only this\n', []],
    ['a: 1\n', [{ a: 1 }]],
    ['--- # one\na: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a: 1\n---\n', [{ a: 1 }, 'empty']],
    ['---\n---\nx\n...\n', ['empty', 'x']],
    [
      'a: yes\nb: "yes"\nc: off\nd: 017\ne: ~\nf:\n',
      [{ a: true, b: 'yes', c: false, d: 15, e: null, f: null }],
    ],
    ['a: !!str 5\nb: !!int "5"\n', [{ a: '5', b: 5 }]],
    ['a: 2001-01-01\nb: 1:30\nc: y\n', [{ a: '2001-01-01', b: '1:30', c: 'y' }]],
    ['a: &x [1, 2]\nb: *x\n', [{ a: [1, 2], b: [1, 2] }]],
    ['d: &d {x: 1, y: 2}\ne:\n  <<: *d\n  y: 3\n', [{ d: { x: 1, y: 2 }, e: { y: 3, x: 1 } }]],
    [
      'a: &a {x: 1}\nb: &b {x: 2, z: 9}\nc: {<<: [*a, *b]}\n',
      [{ a: { x: 1 }, b: { x: 2, z: 9 }, c: { x: 1, z: 9 } }],
    ],
    ['"<<": 1\n', [{ '<<': 1 }]],
    ['a: &x 1\nb: &x 2\nc: *x\n', [{ a: 1, b: 2, c: 2 }]],
    ['\ufeffa: 1\r\nb: 2\r\n', [{ a: 1, b: 2 }]],
    ['? a\n: 1\n? b\n', [{ a: 1, b: null }]],
    ["a: \"x\\\n  y\"\nb: 'it''s'\n", [{ a: 'xy', b: "it's" }]],
  ]
  for (const [text, data] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(dataOf(text), data))
  }
  test('names of objects are ordinary keys', () => {
    const { documents } = read('__proto__: {polluted: yes}\nconstructor: 1\n')
    const data = documents[0]?.root && toData(documents[0].root)
    assert.deepEqual(Object.keys(data as object), ['__proto__', 'constructor'])
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  })
})

suite('problems as users see them', () => {
  const cases: Record<string, string[]> = {
    'a: b: c\n': [
      'f.yaml:1:4: nested mappings are not allowed in compact mappings [TOC_YAML_SYNTAX]',
      '  1 | a: b: c',
      '    |    ^',
      '  hint: put quotes around a value that holds ": "',
    ],
    'a:\n\tb: 1\n': [
      'f.yaml:2:1: tabs are not allowed as indentation [TOC_YAML_SYNTAX]',
      '  2 |  b: 1',
      '    | ^',
      '  hint: indent with spaces',
    ],
    'filter: "\\d+"\n': [
      'f.yaml:1:10: invalid escape sequence \\d [TOC_YAML_SYNTAX]',
      '  1 | filter: "\\d+"',
      '    |          ^',
      "  hint: patterns are easier in single quotes: '\\d+'",
    ],
    "a: 'it's'\n": [
      'f.yaml:1:8: unexpected scalar at node end [TOC_YAML_SYNTAX]',
      "  1 | a: 'it's'",
      '    |        ^^',
      "  hint: a quote inside single quotes is written twice: 'it''s'",
    ],
    'a: 1\nb: 2\na: 3\n': [
      'f.yaml:3:1: key "a" occurs twice [TOC_YAML_DUPLICATE_KEY]',
      '  3 | a: 3',
      '    | ^',
      '  hint: it is already set in line 1: keep one of them',
    ],
    'a: *who\n': [
      'f.yaml:1:4: *who names no value [TOC_YAML_ALIAS]',
      '  1 | a: *who',
      '    |    ^^^^',
      '  hint: name a value before it: "key: &who value"',
    ],
    'a: &a [1, *a]\n': [
      'f.yaml:1:11: *a stands inside the value it names [TOC_YAML_ALIAS]',
      '  1 | a: &a [1, *a]',
      '    |           ^^',
    ],
    '<<: 3\n': [
      'f.yaml:1:5: "<<" takes a map or a list of maps, not a scalar [TOC_YAML_MERGE]',
      '  1 | <<: 3',
      '    |     ^',
    ],
    '? [a, b]\n: 1\n': [
      'f.yaml:1:3: a key must be a text, not a list [TOC_YAML_KEY]',
      '  1 | ? [a, b]',
      '    |   ^^^^^^',
    ],
    'a: !secret x\n': [
      'f.yaml:1:12: warning: tag !secret is not known and has no effect [TOC_YAML_TAG]',
      '  1 | a: !secret x',
      '    |            ^',
    ],
    'ELF\0\u0001\n': [
      'f.yaml:1:4: control character 0x00 is not allowed in YAML [TOC_YAML_CONTROL]',
      '  1 | ELF\\u0000\\u0001',
      '    |    ^',
      '  hint: is this a text file?',
    ],
  }
  for (const [text, lines] of Object.entries(cases)) {
    test(JSON.stringify(text), () => assert.equal(read(text).problems, lines.join('\n')))
  }
  test('a mistake leaves no documents', () => {
    assert.deepEqual(read('a: 1\n---\nb: [\n').documents, [])
  })
  test('a duplicate key keeps its first value', () => {
    const root = read('a: 1\na: 2\n').documents[0]?.root
    assert.deepEqual(root && { ...(toData(root) as object) }, { a: 1 })
  })
})

suite('hostile text', () => {
  function bomb(levels: number): string {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < levels; i++) {
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    }
    return lines.join('\n')
  }
  test('a billion laughs are cut', () => {
    assert.match(
      read(bomb(12)).problems,
      /^f\.yaml:5:\d+: aliases stand for more than 100000 values/,
    )
    assert.equal(read(bomb(4)).problems, '')
  })
  for (const piece of ['[', '{', '- ', '? ', '{a: [']) {
    test(`${piece} many times`, () => {
      const { documents, problems } = read(piece.repeat(3000))
      assert.deepEqual(documents, [])
      assert.match(problems, /nested deeper than 100 levels \[TOC_YAML_DEPTH\]/)
    })
  }
  test('deeply indented maps', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}k:`)
    assert.match(read(lines.join('\n')).problems, /TOC_YAML_DEPTH/)
  })
  test('a megabyte without a line break', () => {
    const { documents, problems } = read(`a: ${'x'.repeat(1_000_000)}`)
    assert.equal(problems, '')
    assert.equal(documents.length, 1)
  })
  test('long runs cost no more than their length', () => {
    const run = 200_000
    for (const text of [
      `a: x${' '.repeat(run)}y`,
      `a: x${' #'.repeat(run)}`,
      `a: ${'!'.repeat(run)}`,
    ]) {
      const startedMs = performance.now()
      assert.ok(read(text).problems.length < 1000)
      assert.ok(performance.now() - startedMs < 2000)
    }
  })
  test('any text gives documents or an error, never a crash', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            'a',
            ':',
            ' ',
            '\n',
            '- ',
            '"',
            "'",
            '|',
            '>',
            '&x',
            '*x',
            '[',
            ']',
            '{',
            '}',
            ',',
            '#',
            '!',
            '<<',
            '?',
            '\t',
            '---',
            '%',
          ),
          { maxLength: 25 },
        )
        .map((pieces) => pieces.join('')),
    )
    const law = fc.property(text, (value) => {
      const problems = new Problems()
      const documents = readYaml(new SourceText('f.yaml', value), problems)
      for (const problem of problems.list) assert.notEqual(formatProblem(problem), '')
      for (const { root } of documents) if (root) toData(root)
      return true
    })
    fc.assert(law, { numRuns: 500 })
  })
})
