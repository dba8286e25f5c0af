import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { guessRule } from './guess-kind.ts'
import { openHub } from './hub-tree.ts'
import { readRulePaths } from './rule-paths.ts'
import { parserText, scenarioText, shortOf, TemporaryTree } from './testing.ts'

suite('guessRule', () => {
  const cases: [text: string, path: string, guess: string][] = [
    ['type: leaky\nname: n\nfilter: x\n', 'x.yaml', 'scenario  n'],
    ['filter: x\nnodes:\n  - grok: {}\n', 'x.yaml', 'parser s01-parse '],
    ['pattern_syntax: {A: b}\n', 'a/parsers/s00-raw/me/x.yaml', 'parser s00-raw '],
    ['whitelist: {ip: [1.2.3.4]}\n', 'x.yaml', 'parser s02-enrich '],
    [
      'whitelist: {expression: [evt.Overflow.Alert.Source.IP]}\n',
      'x.yaml',
      'postoverflow s01-whitelist ',
    ],
    [
      'statics:\n  - expression: evt.Overflow.Alert.Source.IP\n',
      'x.yaml',
      'postoverflow s00-enrich ',
    ],
    ['context:\n  a: [b]\n', 'x.yaml', 'context  '],
    ['name: c\nparsers:\n  - a/b\n', 'x.yaml', 'collection  c'],
    ['---\n---\ntype: trigger\nfilter: x\n', 'x.yaml', 'scenario  '],
    ['name: x\n', 'scenarios/me/x.yaml', 'scenario  x'],
    ['a: [\n', 'parsers/s01-parse/x.yaml', 'parser s01-parse '],
  ]
  for (const [text, path, guess] of cases) {
    test(`${JSON.stringify(text)} in ${path}`, () => {
      const guessed = guessRule(new SourceText(path, text), path)
      assert.equal(guessed && `${guessed.kind} ${guessed.stage} ${guessed.name}`, guess)
    })
  }
  for (const text of ['', 'a: 1\n', '- a\n', 'parsers: 3\n', 'ELF\0']) {
    test(`${JSON.stringify(text)} is nothing`, () => {
      assert.equal(guessRule(new SourceText('x.yaml', text), 'x.yaml'), undefined)
    })
  }
})

suite('readRulePaths', () => {
  const files = {
    'hub/.index.json': '{}',
    'hub/parsers/s01-parse/me/web.yaml': parserText('me/web'),
    'conf/scenarios/one.yaml': scenarioText('one'),
    'loose/b.yaml': scenarioText('b'),
    'loose/sub/a.yml': parserText('a'),
    'loose/notes.md': '',
    'set.yaml': 'parsers: [me/web]\n',
    'odd.yaml': 'colour: red\n',
    'empty/x.txt': '',
  }
  test('takes files and directories of all kinds', () => {
    using tree = new TemporaryTree(files)
    const problems = new Problems()
    const paths = ['loose', 'conf', 'hub', 'loose/b.yaml'].map((path) => tree.path(path))
    const items = ['parser s01-parse a@', 'scenario b@', 'scenario one@']
    assert.deepEqual(shortOf(readRulePaths(paths, problems)), items)
    assert.equal(tree.shown(problems), '')
  })
  test('expands collections where there is a hub', () => {
    using tree = new TemporaryTree({ ...files, 'hub/.index.json': '' })
    const problems = new Problems()
    using plain = new TemporaryTree({ 'parsers/s01-parse/me/web.yaml': parserText('me/web') })
    const hub = openHub(plain.directory, problems)
    const set = [tree.path('set.yaml')]
    assert.deepEqual(shortOf(readRulePaths(set, problems, hub)), ['parser s01-parse me/web@?'])
    assert.deepEqual(shortOf(readRulePaths(set, problems)), ['collection set.yaml@'])
  })
  test('reports what is no rule', () => {
    using tree = new TemporaryTree(files)
    const problems = new Problems()
    const paths = ['odd.yaml', 'absent.yaml', 'empty'].map((path) => tree.path(path))
    assert.deepEqual(readRulePaths(paths, problems), [])
    assert.deepEqual(tree.shown(problems).split('\n'), [
      'odd.yaml:1:1: this is neither a parser, scenario, postoverflow, context nor collection [TOC_HUB_KIND]',
      '  1 | colour: red',
      '    | ^',
      '  hint: a scenario has "type" and "filter", a parser "grok", "nodes" or "statics"',
      'absent.yaml: cannot be read: no such file or directory [TOC_HUB_READ]',
      'empty: warning: no .yaml or .yml file here [TOC_HUB_EMPTY]',
    ])
  })
})
