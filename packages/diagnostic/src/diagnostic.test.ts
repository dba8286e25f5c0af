import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { escapeControls } from './escape-controls.ts'
import { formatProblem } from './format-problem.ts'
import { Problems } from './problem.ts'
import { SourceText } from './source-text.ts'
import { suggest } from './suggest.ts'

suite('SourceText', () => {
  test('positions are lines and columns from 1', () => {
    const source = new SourceText('x', 'ab\ncd\r\n\nef')
    const places: [offset: number, line: number, column: number][] = [
      [0, 1, 1],
      [1, 1, 2],
      [3, 2, 1],
      [7, 3, 1],
      [8, 4, 1],
      [99, 4, 3],
    ]
    for (const [offset, line, column] of places) {
      assert.deepEqual(source.positionAt(offset), { line, column })
    }
    assert.deepEqual(
      ['ab', 'cd', '', 'ef', ''],
      [1, 2, 3, 4, 5].map((n) => source.lineAt(n)),
    )
  })

  test('a position leads back to its offset', () => {
    const law = fc.property(
      fc.string({ unit: fc.constantFrom('a', '\n', '\r') }),
      fc.nat(40),
      (text, at) => {
        const source = new SourceText('x', text)
        const offset = Math.min(at, text.length)
        const { line, column } = source.positionAt(offset)
        const before = text.split('\n').slice(0, line - 1)
        const start = before.reduce((sum, part) => sum + part.length + 1, 0)
        assert.equal(start + column - 1, offset)
      },
    )
    fc.assert(law)
  })
})

suite('a problem as users see it', () => {
  const show = (text: string, start: number, end: number, hint?: string) => {
    const problems = new Problems()
    problems.error(new SourceText('a.yaml', text).span(start, end), 'TOC_X', 'is wrong', hint)
    return problems.list.map(formatProblem).join('\n')
  }

  test('place, message, code, line, carets, hint', () => {
    assert.equal(
      show('a: 1\nleakspeed: "0s"\n', 16, 20, 'try "10s"'),
      `a.yaml:2:12: is wrong [TOC_X]
  2 | leakspeed: "0s"
    |            ^^^^
  hint: try "10s"`,
    )
  })

  test('a span over several lines is marked on its first', () => {
    assert.equal(show('ab\ncd', 1, 5), 'a.yaml:1:2: is wrong [TOC_X]\n  1 | ab\n    |  ^')
  })

  test('a very long line is cut around the place', () => {
    const text = show(`${'x'.repeat(500)}HERE${'y'.repeat(500)}`, 500, 504)
    const [, line = '', carets = ''] = text.split('\n')
    assert.equal(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'HERE')
    assert.ok(line.length < 200)
  })

  test('what a file says cannot drive the terminal', () => {
    assert.doesNotMatch(show('a\x1b[31mb', 1, 2), /\x1b/)
  })

  test('warnings say so, files without a place are named', () => {
    const problems = new Problems()
    problems.warn('b.yaml', 'TOC_Y', 'is odd')
    assert.equal(problems.list.map(formatProblem).join(), 'b.yaml: warning: is odd [TOC_Y]')
    assert.equal(problems.errorCount, 0)
  })
})

suite('suggest', () => {
  const names = ['filter', 'groupby', 'leakspeed', 'capacity']
  const cases: Record<string, string | undefined> = {
    fliter: 'filter',
    Filter: 'filter',
    group_by: 'groupby',
    leak_speed: 'leakspeed',
    xyz: undefined,
    '': undefined,
  }
  for (const [word, near] of Object.entries(cases)) {
    test(`"${word}"`, () => assert.equal(suggest(word, names), near))
  }
})

test('escaped text has no controls and no marks that reorder it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(escapeControls(text), /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})
