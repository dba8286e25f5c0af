import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { listCaptures } from './capture-choice.ts'
import { compilePattern, compileTree } from './compile-pattern.ts'
import { type Node, sequence } from './node.ts'
import { parsePattern } from './parse-pattern.ts'

suite('matches', () => {
  const cases: readonly (readonly [string, string, number, number, (string | undefined)[]])[] = [
    ['(?P<a>\\d+)-(x)-(?<b>\\w+)?', 'n 12-x-', 2, 7, ['12', undefined]],
    ['(?i)(?P<word>straSSe)', 'die StraßSTRASSE', 9, 16, ['STRASSE']],
    ['$', 'a\n', 2, 2, []],
    ['(?m)^b$', 'a\nb\n', 2, 3, []],
    ['(?m)^b$', 'a\rb', -1, -1, []],
    ['(?:(?P<a>a)|(?P<b>b))*', 'ab', 0, 2, ['a', 'b']],
    ['(?P<a>[0-9a-f]{1,40})x', 'aaaabx', 0, 6, ['aaaab']],
    ['^(?P<a>.)(?P<b>.*)$', '😀x', 0, 3, ['😀', 'x']],
    ['^(?P<a>.{2})$', '\ud83dx', 0, 2, ['\ufffdx']],
    ['(?P<a>(?:x{4}){5,9})y', `${'x'.repeat(24)}y`, 0, 25, ['x'.repeat(24)]],
  ]
  for (const [source, text, start, end, groups] of cases) {
    test(`${source} on ${JSON.stringify(text)}`, () => {
      const expected = start < 0 ? undefined : { start, end, groups }
      assert.deepEqual(compilePattern(source).match(text), expected)
    })
  }
})

test('names are in the order of the groups, and exec has them one further', () => {
  const pattern = compilePattern('(x)(?P<first>\\w+) (?:(?P<second>\\d+))')
  assert.deepEqual(pattern.groupNames, ['first', 'second'])
  const found = pattern.exec('> xab 12')
  assert.deepEqual([found?.index, found?.[0], found?.[1], found?.[2]], [2, 'xab 12', 'ab', '12'])
})

suite('the engine is V8 unless ECMAScript cannot say it', () => {
  const v8 = ['(?i)(?P<a>x{1000})', '(?:(?:a{1,20}){7}b){5}', '(?P<a>a)*', '(?:a*b*)*', '(?m)^a']
  const library: Readonly<Record<string, RegExp>> = {
    '(?:(?P<a>a)|b)*': /some rounds/,
    '(?:|a)*': /match nothing/,
    '(?P<a>a|bc){2,40}': /large count/,
    [`(?:${'[a-f0-9]'.repeat(15)}|x){0,1000}`]: /too large/,
  }
  for (const source of v8) {
    test(source, () => {
      const pattern = compilePattern(source)
      assert.equal(pattern.engineReason, undefined)
      assert.equal(pattern.engine, 'v8')
    })
  }
  for (const [source, reason] of Object.entries(library)) {
    test(source, () => {
      const pattern = compilePattern(source)
      assert.equal(pattern.engine, 're2')
      assert.match(pattern.engineReason ?? '', reason)
    })
  }
})

test('a group of the library engine comes in the same shape', () => {
  const pattern = compilePattern('(?:(?P<a>a)|(x)|(?P<b>b)|c)+')
  assert.equal(pattern.engine, 're2')
  assert.equal(pattern.test('-'), false)
  const found = pattern.exec('-bcac')
  assert.deepEqual(
    [found?.index, found?.length, ...Array.from(found ?? [])],
    [1, 3, 'bcac', 'a', 'b'],
  )
})

suite('composed trees', () => {
  const group = (name: string, body: Node, reference?: string): Node =>
    reference === undefined
      ? { kind: 'capture', name, body }
      : { kind: 'capture', name, body, reference }
  const word = parsePattern('\\w+')
  const nested = sequence([group('id', word), parsePattern(':'), group('host name', word)])
  const tree = sequence([
    group('outer', nested, '%{NESTED:outer}'),
    parsePattern(' '),
    group('id', word, '%{WORD:id}'),
    parsePattern(' '),
    group('id', word, '%{WORD:id}'),
  ])

  test('captures are listed with their depth', () => {
    const captures = listCaptures(tree).map(({ name, depth }) => `${name} ${depth}`)
    assert.deepEqual(captures, ['outer 0', 'id 1', 'host name 1', 'id 0', 'id 0'])
  })
  test('of equal names the outermost wins, then the last', () => {
    const pattern = compileTree(tree, { source: '…' })
    assert.deepEqual(pattern.groupNames, ['outer', 'host name', 'id'])
    assert.deepEqual(pattern.match('a:b c d')?.groups, ['a:b', 'b', 'd'])
  })
  test('or those that the composer says', () => {
    const pattern = compileTree(tree, { source: '…', captures: new Set([1, 2]) })
    assert.deepEqual(pattern.groupNames, ['id', 'host name'])
    assert.deepEqual(pattern.match('a:b c d')?.groups, ['a', 'b'])
  })
  test('a miss names the reference that found nothing', () => {
    const pattern = compileTree(tree, { source: '…' })
    assert.deepEqual(pattern.explainMiss('a:b c -'), { offset: 6, expected: '%{WORD:id}' })
    assert.deepEqual(pattern.explainMiss('!'), { offset: 0, expected: '%{NESTED:outer}' })
    assert.deepEqual(pattern.explainMiss('a:b c d'), { offset: 7, expected: '' })
  })
})

test('a miss ends where the longest row of parts does', () => {
  const pattern = compilePattern('^(?P<ip>[0-9.]+) sshd\\[(?P<pid>\\d+)\\]: (?P<rest>.*)$')
  const misses: Readonly<Record<string, [number, string]>> = {
    'x 1': [0, '[\\.0-9]+'],
    '192.0.2.7 ssh[1]: a': [9, '" sshd["'],
    '192.0.2.7 sshd[x]: a': [15, '[0-9]+'],
    '192.0.2.7 sshd[1] a': [16, '"]: "'],
    '192.0.2.7 sshd[1]: a\nb': [20, '\\z'],
  }
  for (const [text, [offset, expected]] of Object.entries(misses)) {
    assert.deepEqual(pattern.explainMiss(text), { offset, expected }, text)
  }
})
