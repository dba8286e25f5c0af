import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compiled } from './evaluate.test-support.ts'
import { createEvent, files } from './event-environment.test-support.ts'
import { TextSearch } from './text-search.ts'

test('the answer is the same with an index and without', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', 'é'), maxLength: 4 })
  const list = fc.array(word, { maxLength: 20 })
  const by = fc.constantFrom('equals', 'contains')
  const change = fc.constantFrom(undefined, (element: string) => element.toUpperCase())
  const law = fc.property(by, change, list, list, (how, changed, elements, texts) => {
    const search = new TextSearch(how, changed)
    for (const text of texts) {
      const wanted = elements
        .map((element) => changed?.(element) ?? element)
        .some((element) => (how === 'equals' ? text === element : text.includes(element)))
      assert.equal(search.test(elements, text), wanted)
    }
  })
  fc.assert(law, { numRuns: 500 })
})

test('another list is another question', () => {
  const search = new TextSearch('equals', undefined)
  const [first, second] = ['a', 'b'].map((prefix) =>
    Array.from({ length: 10 }, (_, i) => `${prefix}${i}`),
  )
  assert.ok(first && second)
  for (let i = 0; i < 4; i++) assert.equal(search.test(first, 'b1'), false)
  assert.equal(search.test(second, 'b1'), true)
  assert.equal(search.test(first, 'b1'), false)
})

test('a change that fails behind the first hit fails as a loop would', () => {
  const change = (element: string) => {
    if (element === 'bad') throw new RangeError('bad')
    return element
  }
  const list = ['good', ...Array.from({ length: 10 }, () => 'x'), 'bad']
  const search = new TextSearch('equals', change)
  for (let i = 0; i < 4; i++) {
    assert.equal(search.test(list, 'good'), true)
    assert.throws(() => search.test(list, 'nothing'), RangeError)
  }
})

suite('data files', () => {
  const line = files.long?.[300] ?? ''
  const expressions: Record<string, (path: string) => boolean> = {
    "any(File('long'), {evt.Parsed.path == #})": (path) => path === line,
    "any(File('long'), {# == evt.Parsed.path})": (path) => path === line,
    "none(File('long'), {Lower(evt.Parsed.path) contains Lower(#)})": (path) =>
      !path.toLowerCase().includes(line.toLowerCase()),
    "evt.Parsed.path in File('long')": (path) => path === line,
    "evt.Parsed.path not in File('long')": (path) => path !== line,
    "evt.Parsed.path in File('nothing')": () => false,
    "any(File('list'), {evt.Parsed.path contains #})": (path) => path.includes('admin'),
  }
  const paths = [line, `/x/${line.toUpperCase()}?y`, '/admin', '', 'other']
  for (const [text, wanted] of Object.entries(expressions)) {
    test(text, () => {
      const { evaluate } = compiled(text)
      for (const path of [...paths, ...paths, ...paths]) {
        assert.equal(evaluate(createEvent({ parsed: { path } })), wanted(path), path)
      }
    })
  }
})

test('many contains on end are one pass with the same answer', () => {
  const words = Array.from({ length: 40 }, (_, i) => `w${i * 3}x`)
  const terms = words.map((word) => `Lower(evt.Parsed.path) contains '${word}'`)
  const text = `evt.Parsed.a == '1' || ${terms.join(' || ')} || evt.Parsed.b contains 'c'`
  const { evaluate } = compiled(text)
  const part = fc.constantFrom('w', 'W', 'x', '3', '9', '0', '1', ' ')
  const law = fc.property(
    fc.string({ unit: part, maxLength: 12 }),
    fc.boolean(),
    (path, isOther) => {
      const event = createEvent({ parsed: { path, b: isOther ? 'abc' : 'ab' } })
      const wanted = isOther || words.some((word) => path.toLowerCase().includes(word))
      assert.equal(evaluate(event), wanted)
    },
  )
  fc.assert(law, { numRuns: 300 })
})
