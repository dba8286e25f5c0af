import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { mergeContexts, readConsoleContext, readContextItem } from './context-item.ts'
import { findDataFile } from './data-file.ts'
import { readSimulation } from './simulation.ts'
import { TemporaryTree } from './testing.ts'

function shown(problems: Problems): string {
  return problems.list.map(formatProblem).join('\n')
}

suite('simulation', () => {
  const cases: [text: string, overlay: string | undefined, listed: boolean, other: boolean][] = [
    ['', undefined, false, false],
    ['simulation: off\n', undefined, false, false],
    ['simulation: true\n', undefined, true, true],
    ['simulation: false\nexclusions: [a/b]\n', undefined, true, false],
    ['simulation: true\nexclusions:\n  - a/b\n', undefined, false, true],
    ['simulation: true\nexclusions: [a/b]\n', 'simulation: false\n', true, false],
    ['exclusions: [a/b]\n', 'exclusions: []\n', false, false],
  ]
  for (const [text, overlay, listed, other] of cases) {
    test(`${JSON.stringify(text)} under ${overlay}`, () => {
      const problems = new Problems()
      const over =
        overlay === undefined ? undefined : new SourceText('simulation.yaml.local', overlay)
      const simulation = readSimulation(new SourceText('simulation.yaml', text), problems, over)
      assert.deepEqual(
        [simulation.isSimulated('a/b'), simulation.isSimulated('x')],
        [listed, other],
      )
      assert.equal(shown(problems), '')
    })
  }
  test('nothing is simulated without a file', () => {
    assert.equal(readSimulation(undefined, new Problems()).isSimulated('a'), false)
  })
  test('unknown keys are refused', () => {
    const problems = new Problems()
    readSimulation(new SourceText('simulation.yaml', 'exclusion: [a]\n'), problems)
    assert.deepEqual(shown(problems).split('\n'), [
      'simulation.yaml:1:1: unknown simulation key "exclusion" [TOC_YAML_UNKNOWN_KEY]',
      '  1 | exclusion: [a]',
      '    | ^^^^^^^^^',
      '  hint: did you mean "exclusions"?',
    ])
  })
})

suite('contexts', () => {
  test('are merged by key, each expression once', () => {
    const problems = new Problems()
    const read = (text: string) => readContextItem(new SourceText('c.yaml', text), problems)
    const merged = mergeContexts([
      read('context:\n  user: [evt.Meta.user, evt.Meta.name]\n'),
      read('name: x\ncontext:\n  user: [evt.Meta.user, "evt.Parsed.u"]\n  path: [evt.Meta.path]\n'),
      readConsoleContext(new SourceText('context.yaml', ''), problems),
      readConsoleContext(new SourceText('context.yaml', 'path: [evt.X]\n'), problems),
    ])
    const texts = [...merged].map(([key, list]) => [key, list.map(({ text }) => text)])
    assert.deepEqual(texts, [
      ['user', ['evt.Meta.user', 'evt.Meta.name', 'evt.Parsed.u']],
      ['path', ['evt.Meta.path', 'evt.X']],
    ])
    assert.equal(shown(problems), '')
  })
  const refused: Record<string, string> = {
    '': 'c.yaml:1:1: a context needs a map of expressions below "context" [TOC_HUB_CONTEXT]\n  1 |\n    | ^',
    'context: 3\n':
      'c.yaml:1:10: a context needs a map of expressions below "context" [TOC_HUB_CONTEXT]\n  1 | context: 3\n    |          ^',
    'context:\n  a: evt.X\n':
      'c.yaml:2:6: context key "a" must be a list of expressions [TOC_HUB_CONTEXT]\n  2 |   a: evt.X\n    |      ^^^^^\n  hint: a: [ evt.Meta.a ]',
    'context:\n  a: [[b]]\n':
      'c.yaml:2:7: an expression is a text, not a list [TOC_HUB_CONTEXT]\n  2 |   a: [[b]]\n    |       ^^^',
    '- a\n':
      'c.yaml:1:1: a context must be a map, not a list [TOC_HUB_CONTEXT]\n  1 | - a\n    | ^^^',
  }
  for (const [text, message] of Object.entries(refused)) {
    test(`${JSON.stringify(text)} is refused`, () => {
      const problems = new Problems()
      assert.equal(readContextItem(new SourceText('c.yaml', text), problems).size <= 1, true)
      assert.equal(shown(problems), message)
    })
  }
})

suite('findDataFile', () => {
  const cases: [destFile: string, sourceUrl: string, found: string | undefined][] = [
    ['bots.txt', 'https://h/web/other.txt', 'bots.txt'],
    ['robots.txt', 'https://h/web/bots.txt', 'web/bots.txt'],
    ['robots.txt', 'https://h/crowdsec/main/web/bots.txt?x=1', 'web/bots.txt'],
    ['robots.txt', 'https://h/any/bots.txt', 'bots.txt'],
    ['robots.txt', 'https://h/none.txt', undefined],
    ['robots.txt', 'no url', undefined],
    ['../secret.txt', '', undefined],
    ['x', 'https://h/%2e%2e/secret.txt', undefined],
    ['web', '', undefined],
    ['', '', undefined],
  ]
  for (const [destFile, sourceUrl, found] of cases) {
    test(`${destFile} of ${sourceUrl}`, () => {
      using tree = new TemporaryTree({ 'd/web/bots.txt': '', 'd/bots.txt': '', 'secret.txt': '' })
      const path = findDataFile(tree.path('d'), { destFile, sourceUrl })
      assert.equal(path, found && tree.path(`d/${found}`))
    })
  }
})
