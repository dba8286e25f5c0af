import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { MapReader } from './map-reader.ts'
import { readYaml } from './read-yaml.ts'

function readerOf(text: string): { reader: MapReader; shown: () => string } {
  const problems = new Problems()
  const root = readYaml(new SourceText('f.yaml', text), problems)[0]?.root
  assert.equal(root?.kind, 'map')
  const reader = new MapReader(root, problems, 'scenario')
  return { reader, shown: () => problems.list.map(formatProblem).join('\n') }
}

suite('values', () => {
  const text = [
    'text: 404',
    'empty:',
    'yes: yes',
    'no: "no"',
    'count: -1',
    'whole: 2.0',
    'rate: 0.25',
    'list: [a, 1, ~]',
    'maps:',
    '  - a: 1',
    '  - b: 2',
    'map: {}',
  ].join('\n')
  const cases: [name: string, read: (reader: MapReader) => unknown, value: unknown][] = [
    ['text', (r) => r.text('text'), '404'],
    ['null text', (r) => r.text('empty'), ''],
    ['absent text', (r) => r.text('absent'), undefined],
    ['boolean', (r) => r.boolean('yes'), true],
    ['null boolean', (r) => r.boolean('empty'), undefined],
    ['integer', (r) => r.integer('count'), -1],
    ['whole number', (r) => r.integer('whole'), 2],
    ['number', (r) => r.number('rate'), 0.25],
    ['list', (r) => r.textList('list'), ['a', '1', '']],
    ['null list', (r) => r.textList('empty'), undefined],
    ['maps', (r) => r.mapList('maps').map((map) => [...map.entries.keys()]), [['a'], ['b']]],
    ['absent maps', (r) => r.mapList('absent'), []],
    ['map', (r) => r.map('map')?.entries.size, 0],
    ['node', (r) => r.node('empty')?.kind, 'scalar'],
    ['has', (r) => [r.has('empty'), r.has('absent')], [true, false]],
    ['texts', (r) => r.spannedTextList('list')?.map((s) => s.span.start), [74, 77, 80]],
  ]
  for (const [name, read, value] of cases) {
    test(name, () => {
      const { reader, shown } = readerOf(text)
      assert.deepEqual(read(reader), value)
      assert.equal(shown(), '')
    })
  }
})

suite('problems as users see them', () => {
  const cases: [text: string, read: (reader: MapReader) => unknown, lines: string[]][] = [
    [
      'capacity: five',
      (r) => r.integer('capacity'),
      [
        'f.yaml:1:11: scenario key "capacity" must be a whole number, not "five" [TOC_YAML_TYPE]',
        '  1 | capacity: five',
        '    |           ^^^^',
      ],
    ],
    [
      'capacity: "5"',
      (r) => r.integer('capacity'),
      [
        'f.yaml:1:11: scenario key "capacity" must be a whole number, not "5" [TOC_YAML_TYPE]',
        '  1 | capacity: "5"',
        '    |           ^^^',
        '  hint: remove the quotes',
      ],
    ],
    [
      'parsers: one',
      (r) => r.textList('parsers'),
      [
        'f.yaml:1:10: scenario key "parsers" must be a list, not "one" [TOC_YAML_TYPE]',
        '  1 | parsers: one',
        '    |          ^^^',
      ],
    ],
    [
      'parsers: [a, [b]]',
      (r) => r.textList('parsers'),
      [
        'f.yaml:1:14: scenario key "parsers" must be a list of texts, not a list [TOC_YAML_TYPE]',
        '  1 | parsers: [a, [b]]',
        '    |              ^^^',
      ],
    ],
    [
      'filter:\n  a: 1',
      (r) => r.spannedText('filter'),
      [
        'f.yaml:2:3: scenario key "filter" must be a text, not a map [TOC_YAML_TYPE]',
        '  2 |   a: 1',
        '    |   ^^^^',
      ],
    ],
    [
      'debug: 1',
      (r) => r.boolean('debug'),
      [
        'f.yaml:1:8: scenario key "debug" must be true or false, not "1" [TOC_YAML_TYPE]',
        '  1 | debug: 1',
        '    |        ^',
      ],
    ],
    [
      'capcity: 5',
      (r) => {
        r.integer('capacity')
        r.finish()
      },
      [
        'f.yaml:1:1: unknown scenario key "capcity" [TOC_YAML_UNKNOWN_KEY]',
        '  1 | capcity: 5',
        '    | ^^^^^^^',
        '  hint: did you mean "capacity"?',
      ],
    ],
    [
      'zzz: 5',
      (r) => {
        r.text('name')
        r.text('filter')
        r.finish()
      },
      [
        'f.yaml:1:1: unknown scenario key "zzz" [TOC_YAML_UNKNOWN_KEY]',
        '  1 | zzz: 5',
        '    | ^^^',
        '  hint: known keys: filter, name',
      ],
    ],
  ]
  for (const [text, read, lines] of cases) {
    test(JSON.stringify(text), () => {
      const { reader, shown } = readerOf(text)
      read(reader)
      assert.equal(shown(), lines.join('\n'))
    })
  }
})

test('a missing key is reported at the first key', () => {
  const { reader } = readerOf('\n# note\nname: x\nb: 1\n')
  const { start, end } = reader.span('filter')
  assert.deepEqual([start, end], [8, 12])
})
