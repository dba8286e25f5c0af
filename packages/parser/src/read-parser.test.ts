import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem } from '@tocsin/diagnostic'
import { compileRules } from './parser.test-support.ts'

const problemsOf = (yaml: string) =>
  compileRules([['s01-parse', yaml]])
    .problems.list.map(formatProblem)
    .join('\n')

suite('what is wrong with a parser, as its author sees it', () => {
  const cases: Record<string, [yaml: string, text: string]> = {
    'an unknown key': [
      'name: n\nfliter: "true"\nstatics: [{meta: m, value: x}]',
      `s01-parse.yaml:2:1: unknown parser node key "fliter" [TOC_YAML_UNKNOWN_KEY]
  2 | fliter: "true"
    | ^^^^^^
  hint: did you mean "filter"?`,
    ],
    'an unknown field': [
      'name: n\nfilter: evt.Parsd.program == "x"\nstatics: [{meta: m, value: x}]',
      `s01-parse.yaml:2:13: Event has no member Parsd [TOC_EXPR_MEMBER]
  2 | filter: evt.Parsd.program == "x"
    |             ^^^^^
  hint: did you mean Parsed?`,
    ],
    'a filter that is no bool': [
      'name: n\nfilter: len(evt.Line.Raw)\nstatics: [{meta: m, value: x}]',
      `s01-parse.yaml:2:9: the expression gives int, but bool is needed [TOC_EXPR_RESULT]
  2 | filter: len(evt.Line.Raw)
    |         ^^^^^^^^^^^^^^^^^`,
    ],
    'an unknown pattern': [
      "name: n\ngrok: {pattern: 'from %{IPORHOTS:ip}', apply_on: message}",
      `s01-parse.yaml:2:23: unknown pattern %{IPORHOTS} [TOC_GROK_UNKNOWN_PATTERN]
  2 | grok: {pattern: 'from %{IPORHOTS:ip}', apply_on: message}
    |                       ^
  hint: did you mean %{IPORHOST}?`,
    ],
    'a bad address': [
      "name: n\nwhitelist: {reason: r, ip: ['192.0.2.700']}",
      `s01-parse.yaml:2:29: "192.0.2.700" is not an IP address [TOC_PARSER_WHITELIST_IP]
  2 | whitelist: {reason: r, ip: ['192.0.2.700']}
    |                             ^^^^^^^^^^^^^`,
    ],
    'a node that does nothing': [
      "name: n\nfilter: 'true'",
      `s01-parse.yaml:1:1: a node needs a grok, nodes, statics or a whitelist [TOC_PARSER_EMPTY_NODE]
  1 | name: n
    | ^^^^^^^`,
    ],
  }
  for (const [name, [yaml, text]] of Object.entries(cases)) {
    test(name, () => assert.equal(problemsOf(yaml), text))
  }

  const codes: Record<string, string> = {
    'name: n\nonsuccess: stop\nstatics: [{meta: m, value: x}]': 'TOC_PARSER_ONSUCCESS',
    'name: n\nstatics: [{value: x}]': 'TOC_PARSER_STATIC',
    'name: n\nstatics: [{meta: m}]': 'TOC_PARSER_STATIC',
    'name: n\nstatics: [{enriched: m, value: x}]': 'TOC_PARSER_STATIC',
    "name: n\ngrok: {pattern: '%{IP:ip}'}": 'TOC_PARSER_GROK',
    'name: n\ngrok: {apply_on: message}': 'TOC_PARSER_GROK',
    'name: n\ngrok: {name: NOSUCH, apply_on: message}': 'TOC_GROK_UNKNOWN_PATTERN',
    "name: n\ngrok: {pattern: '(?<=a)%{IP:x}', apply_on: message}": 'TOC_GROK_REGEXP',
    'name: n\nstash: [{name: s}]\nstatics: [{meta: m, value: x}]': 'TOC_PARSER_STASH',
    "name: n\nwhitelist: {reason: r, cidr: ['192.0.2.0']}": 'TOC_PARSER_WHITELIST_CIDR',
    '- a list': 'TOC_PARSER_DOCUMENT',
    'name: n\nformat: 9.0\nstatics: [{meta: m, value: x}]': 'TOC_PARSER_FORMAT',
    'name: n\nformat: new\nstatics: [{meta: m, value: x}]': 'TOC_PARSER_FORMAT',
    "filter: 'true'\nstatics: [{meta: m, value: x}]": 'TOC_PARSER_NAMELESS',
  }
  for (const [yaml, code] of Object.entries(codes)) {
    test(`${code}: ${yaml.replaceAll('\n', ' / ')}`, () => {
      const { list } = compileRules([['s01-parse', yaml]]).problems
      assert.equal(list[0]?.code, code)
    })
  }

  test('the other documents of a file, and other files, load all the same', () => {
    const good = 'name: good\nstatics: [{meta: m, value: x}]'
    const { nodes, problems } = compileRules([
      ['s01-parse', `name: bad\nfilter: nope\nstatics: [{meta: m, value: x}]\n---\n${good}`],
      ['s01-parse', good],
    ])
    assert.deepEqual(
      nodes.map((node) => node.name),
      ['good', 'good'],
    )
    assert.equal(problems.errorCount, 1)
  })

  test('children without a name are named after their parent', () => {
    const { nodes } = compileRules([
      ['s01-parse', 'name: n\nnodes: [{nodes: [{statics: [{meta: m, value: x}]}]}]'],
    ])
    assert.equal(nodes[0]?.children[0]?.children[0]?.name, 'child-child-n')
  })

  test('pattern_syntax: the first definition of a name is used, another is warned of', () => {
    const file = (pattern: string) =>
      `name: n\npattern_syntax: {TICKET: '${pattern}'}\ngrok: {pattern: '%{TICKET:t}', apply_on: message}`
    const same = compileRules([
      ['s01-parse', file('a+')],
      ['s01-parse', file('a+')],
    ])
    assert.deepEqual(same.problems.list, [])
    const other = compileRules([
      ['s01-parse', file('a+')],
      ['s01-parse', file('b+')],
    ])
    assert.equal(other.problems.list[0]?.code, 'TOC_GROK_REDEFINED')
  })
})
