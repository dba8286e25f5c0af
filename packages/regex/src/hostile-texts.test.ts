import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { exampleText, hostileTexts } from './hostile-texts.ts'
import { parsePattern } from './parse-pattern.ts'

suite('hostileTexts', () => {
  const length = 2000
  const wanted: [name: string, pattern: string, text: RegExp][] = [
    ['the pump of a loop in a loop', '^(\\w+\\s?)*$', /^(a+|(a )+)!$/],
    ['a pump behind a start', '^user="(?:[^"]|\\w)*";', /^user="a+\0$/],
    ['a start over and over', 'x\\d+\\d+y', /^(x00)+$/],
    ['what stands before its loop, over and over', '\\d+-\\d+;', /^(00-){100}/],
    ['its literals over and over', '\\w+ failed for \\w+', /^( failed for )+$/],
    ['its alphabet in turns', '[ab]:[cd]?', /^[ab:cd]+$/],
    ['characters past ASCII', '"[^"]*"', /é{1000}/],
  ]
  for (const [name, pattern, text] of wanted) {
    test(`have ${name}`, () => {
      const texts = hostileTexts(parsePattern(pattern), { length })
      assert.ok(
        texts.some((each) => text.test(each)),
        texts.map((each) => each.slice(0, 30)).join('\n'),
      )
    })
  }

  test('fill the length they may have, and no more', () => {
    const texts = hostileTexts(parsePattern('a+(?:bc)*[0-9]?é'), { length })
    assert.ok(texts.length > 10)
    for (const text of texts) {
      assert.ok(text.length <= length && text.length > length - 100, text.slice(0, 50))
    }
  })

  test('are the same every time, and never more than asked for', () => {
    const tree = parsePattern('^(\\w+)@(\\w+\\.)+com (?:a|b|c)+$')
    assert.deepEqual(hostileTexts(tree), hostileTexts(tree))
    assert.equal(hostileTexts(tree, { length, limit: 7 }).length, 7)
  })
})

suite('exampleText', () => {
  const cases: [pattern: string, example: string][] = [
    ['^GET /(?P<path>[a-z]+) HTTP/1\\.[01]$', 'GET /given HTTP/1.0'],
    ['(?:none|user (?P<path>\\w+))!', 'user given!'],
    ['\\d{2}-x?', '000-x'.slice(1)],
  ]
  for (const [pattern, example] of cases) {
    test(pattern, () => {
      const tree = parsePattern(pattern)
      assert.equal(exampleText(tree, new Map([['path', 'given']])), example)
      assert.match(example, new RegExp(pattern.replaceAll('?P<', '?<')))
    })
  }
})
