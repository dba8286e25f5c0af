import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compileRules, eventOf } from './parser.test-support.ts'

/** Watches and changes nothing: with it every node of a stage is asked. */
const onlooker = { enterNode() {}, leaveNode() {} }

suite('asking only the nodes whose filter an event may pass', () => {
  test('a node that a former one opened the way for is asked', () => {
    const asks = (value: string, next: string) =>
      `name: ${value}\nfilter: evt.Parsed.at == '${value}'\nstatics: [{parsed: at, value: ${next}}]`
    const files = ['c', 'a', 'b', 'c', 'd', 'a'].map(
      (value) => ['s00-raw', asks(value, String.fromCharCode(value.charCodeAt(0) + 1))] as const,
    )
    const { stages } = compileRules(files)
    const event = eventOf('x', { at: 'a' })
    stages.parse(event)
    assert.equal(event.parsed.at, 'e')
    assert.deepEqual(
      stages.nodes.map((node) => node.takenCount),
      [0, 1, 1, 1, 1, 0],
    )
  })

  test('law: the same as when every node is asked', () => {
    const key = fc.constantFrom('parsed.a', 'parsed.b', 'meta.a')
    const word = fc.constantFrom('x', 'xy', 'y', 'z')
    const shown = (name: string) => name.replace(/^./, (letter) => `evt.${letter.toUpperCase()}`)
    const filter = fc.oneof(
      fc.tuple(key, word).map(([k, w]) => `${shown(k)} == '${w}'`),
      fc.tuple(key, word).map(([k, w]) => `${shown(k)} startsWith '${w}'`),
      fc.tuple(key, word, word).map(([k, v, w]) => `${shown(k)} in ['${v}', '${w}']`),
      word.map((w) => `evt.SetParsed('a', '${w}') && evt.Meta.a == '${w}'`),
      fc.constant('true'),
    )
    const written = fc.tuple(key, word).map(([k, w]) => `{${k.replace('.', ': ')}, value: ${w}}`)
    const grok = word.map((w) => `grok: {pattern: '%{WORD:${w === 'z' ? 'b' : 'a'}}', apply_on: b}`)
    const node = fc
      .tuple(
        filter,
        fc.array(written, { minLength: 1, maxLength: 2 }),
        fc.option(grok),
        fc.boolean(),
      )
      .map(([when, statics, match, moves]) =>
        [
          `name: n\nfilter: "${when}"\nonsuccess: ${moves ? 'next_stage' : 'continue'}`,
          ...(match ? [match] : []),
          `statics: [${statics.map((one) => one.replace(/^\{(\w+): (\w+)/, '{$1: $2')).join(', ')}]`,
        ].join('\n'),
      )
    const law = fc.property(
      fc.array(node, { minLength: 1, maxLength: 8 }),
      fc.dictionary(fc.constantFrom('a', 'b'), word),
      (nodes, parsed) => {
        const { stages } = compileRules(nodes.map((yaml) => ['s00-raw', yaml] as const))
        const quick = eventOf('x', parsed)
        const slow = eventOf('x', parsed)
        stages.parse(quick)
        stages.parse(slow, onlooker)
        assert.deepEqual(quick, slow)
      },
    )
    fc.assert(law, { numRuns: 200 })
  })
})
