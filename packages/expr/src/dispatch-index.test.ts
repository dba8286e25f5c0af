import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { DispatchIndex } from './dispatch-index.ts'
import type { Requirement } from './requirement.ts'

const requirement = (
  kind: Requirement['kind'],
  place: readonly string[] | undefined,
  values: readonly string[],
): Requirement => ({ kind, path: ['evt', ...(place ?? ['Other'])], place, values })

function collect(index: DispatchIndex, subject: object): number[] {
  const found: number[] = []
  index.collect(subject, found)
  return found
}

suite('DispatchIndex', () => {
  test('reads texts at any depth, missing ones as empty', () => {
    const places: readonly string[][] = [['kind'], ['meta', 'type'], ['line', 'labels', 'a-b']]
    const subject = { kind: 'x', meta: { type: 'x' }, line: { labels: { 'a-b': 'x' } } }
    for (const place of places) {
      const index = new DispatchIndex(
        ['no', 'x', 'neither', ''].map((value) => ({
          requirements: [requirement('equals', place, [value])],
        })),
      )
      assert.deepEqual(collect(index, subject), [1], place.join('.'))
    }
    const index = new DispatchIndex(
      ['a', 'b', 'c', ''].map((value) => ({
        requirements: [requirement('equals', ['meta', 'none'], [value])],
      })),
    )
    assert.deepEqual(collect(index, subject), [3])
    assert.deepEqual([...index.places], ['meta.none'])
  })

  test('a text it cannot read is no reason to leave a rule out', () => {
    const unreadable = { requirements: [requirement('equals', undefined, ['x'])] }
    const index = new DispatchIndex([unreadable, unreadable, unreadable, unreadable])
    assert.deepEqual(collect(index, {}), [0, 1, 2, 3])
  })

  test('law: finds every rule whose requirements are met, in order, each once', () => {
    const word = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'ba')
    const key = fc.constantFrom('k', 'l', 'm')
    const rule = fc.array(
      fc.record({
        kind: fc.constantFrom('equals' as const, 'prefix' as const),
        key,
        values: fc.array(word, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 3 },
    )
    let spared = 0
    const law = fc.property(
      fc.array(rule, { maxLength: 30 }),
      fc.dictionary(key, word),
      (rules, subject) => {
        const index = new DispatchIndex(
          rules.map((list) => ({
            requirements: list.map(({ kind, key, values }) => requirement(kind, [key], values)),
          })),
        )
        const isMet = (list: (typeof rules)[number]) =>
          list.every(({ kind, key, values }) => {
            const text = subject[key] ?? ''
            return values.some((value) =>
              kind === 'equals' ? text === value : text.startsWith(value),
            )
          })
        const found = collect(index, subject)
        spared += rules.length - found.length
        assert.deepEqual(
          found,
          [...new Set(found)].sort((a, b) => a - b),
        )
        for (const [i, list] of rules.entries()) if (isMet(list)) assert.ok(found.includes(i))
      },
    )
    fc.assert(law)
    assert.ok(spared > 100, `only ${spared} rules were spared`)
  })
})
