import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import { compareVersions, isInside, readIndex } from './index-file.ts'

function problemsOf(text: string): string {
  const problems = new Problems()
  readIndex(new SourceText('.index.json', text), problems)
  return problems.list.map(formatProblem).join('\n')
}

suite('an index', () => {
  const refused: Record<string, string> = {
    '[]': '.index.json: the hub index must be an object of item types [TOC_HUB_INDEX]',
    '{"parsers": []}': '.index.json: "parsers" must be an object of items [TOC_HUB_INDEX]',
    '{"scenarios": {"a/b": null}}':
      '.index.json: scenarios:a/b has no index metadata [TOC_HUB_INDEX]\n  hint: update the hub index',
    '{"scenarios": {"a/b": {}}}':
      '.index.json: scenarios:a/b has no download path [TOC_HUB_INDEX]\n  hint: update the hub index',
    '{"parsers": {"a/b": {"path": "x"}}}':
      '.index.json: parsers:a/b has no stage [TOC_HUB_INDEX]\n  hint: update the hub index',
    '{"scenarios": {"a/b": {"path": "../../x"}}}':
      '.index.json: scenarios:a/b has a path outside the hub: "../../x" [TOC_HUB_INDEX]\n  hint: update the hub index',
    '{"a": 1,}': [
      '.index.json:1:9: the hub index is not valid JSON [TOC_HUB_INDEX]',
      '  1 | {"a": 1,}',
      '    |         ^',
      '  hint: update the hub index',
    ].join('\n'),
  }
  for (const [text, shown] of Object.entries(refused)) {
    test(text, () => assert.equal(problemsOf(text), shown))
  }
  test('any text is read or refused', () => {
    const text = fc.oneof(fc.string(), fc.json())
    fc.assert(fc.property(text, (value) => typeof problemsOf(value) === 'string'))
  })
})

test('versions are ordered by their numbers', () => {
  const sorted = ['0.10', '0.9', '1.0', '0.2', '1', '1.0.1'].sort(compareVersions)
  assert.deepEqual(sorted, ['0.2', '0.9', '0.10', '1.0', '1', '1.0.1'])
})

test('paths stay inside', () => {
  const paths = ['a/b', './a', 'a/../b', '..', 'a/../../b', '/a', 'a\0b', '']
  assert.deepEqual(paths.filter(isInside), ['a/b', './a', 'a/../b', ''])
})
