import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compiled } from './evaluate.test-support.ts'

suite('what is read of the elements of lists', () => {
  const told: Record<string, string[]> = {
    "any(queue.Queue, {#.Meta.user == 'root' || .Meta['host'] == ''})": ['Meta.user', 'Meta.host'],
    'map(queue.Queue[-4:], {#.Time})': ['Time'],
    "let f = filter(queue.Queue, {#.Meta.t == 'a'}); len(f) > 1 && f[0].Stage == 'x'": [
      'Meta.t',
      'Stage',
    ],
    'first(queue.Queue).Meta.a == last(queue.Queue)?.Parsed.b': ['Meta.a', 'Parsed.b'],
    "len(queue.Queue) > 1 && evt.Parsed.x == 'y'": [],
    "find(queue.Queue, {#.Meta.a == ''}).Line.Raw == 'x'": ['Line', 'Meta.a'],
    'any(queue.Queue, {len(#.Meta) > 3})': ['Meta'],
  }
  for (const [text, paths] of Object.entries(told)) {
    test(text, () => {
      const reads = compiled(text).structReads('Event')
      assert.deepEqual(
        reads?.map((path) => path.join('.')),
        paths,
      )
    })
  }
  const untold = [
    'queue.Queue',
    'queue.Queue[0]',
    "any(queue.Queue, {#.GetMeta('a') == 'x'})",
    'any(queue.Queue, {# == evt})',
    'evt in queue.Queue',
    'Describe(queue.Queue[0]) == ""',
    'toJSON(queue.Queue) == ""',
    'len([queue.Queue[0]]) == 1',
    'reduce(queue.Queue, {#}) != nil',
    'len($env) == 2',
    "map(queue.Queue, {find(queue.Queue, {#.Stage == ''})})[0].Parsed.x == ''",
    "(evt.Type == 1 ? queue.Queue[0] : 'x').Parsed.x == ''",
    'any(queue.Queue, {len({"a": #}) == 1})',
  ]
  for (const text of untold) {
    test(text, () => assert.equal(compiled(text).structReads('Event'), undefined))
  }
})
