import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
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
