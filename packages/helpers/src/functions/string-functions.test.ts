import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { EvaluationError } from '@tocsin/expr'
import { createCaller, createListLog } from './caller.test-support.ts'

const call = createCaller()

suite('functions of text', () => {
  const cases: readonly (readonly [string, readonly unknown[], unknown])[] = [
    ['Upper', ['aé'], 'AÉ'],
    ['Lower', ['AÉ'], 'aé'],
    ['Split', ['a,b', ','], ['a', 'b']],
    ['Split', ['abc', ','], ['abc']],
    ['Split', ['', ','], ['']],
    ['Split', ['ab', ''], ['a', 'b']],
    ['SplitN', ['a,b,c', ',', 2], ['a', 'b,c']],
    ['SplitN', ['a,b,c', ',', 0], []],
    ['SplitAfter', ['a,b', ','], ['a,', 'b']],
    ['SplitAfterN', ['a,b,c', ',', 2], ['a,', 'b,c']],
    ['Join', [['a', 'b'], '-'], 'a-b'],
    ['Join', [undefined, '-'], ''],
    ['Fields', [' a  b '], ['a', 'b']],
    ['Index', ['éab', 'b'], 3],
    ['Index', ['ab', 'x'], -1],
    ['IndexAny', ['éab', 'xb'], 3],
    ['Replace', ['aaa', 'a', 'b', 2], 'bba'],
    ['ReplaceAll', ['aaa', 'a', '$&'], '$&$&$&'],
    ['Trim', ['--a--', '-'], 'a'],
    ['TrimLeft', ['--a--', '-'], 'a--'],
    ['TrimRight', ['--a--', '-'], '--a'],
    ['TrimSpace', [' \t a\n'], 'a'],
    ['TrimPrefix', ['/a/a', '/a'], '/a'],
    ['TrimPrefix', ['b', '/a'], 'b'],
    ['TrimSuffix', ['a.b.b', '.b'], 'a.b'],
    ['TrimSuffix', ['a', ''], 'a'],
    ['Sprintf', ['%dh', 8], '8h'],
    ['ToString', ['a'], 'a'],
    ['ToString', [5], ''],
    ['ToString', [undefined], ''],
    ['Match', ['*.php', 'a.php'], true],
    ['B64Decode', ['aGk='], 'hi'],
    ['B64Decode', ['aG\r\nk='], 'hi'],
    ['B64Decode', [''], ''],
    ['FloatApproxEqual', [1, 1 + 1e-7], true],
    ['FloatApproxEqual', [1, 1.00001], false],
    ['Atof', ['1.5e3'], 1500],
    ['Atof', ['1e999'], Number.POSITIVE_INFINITY],
    ['Atof', ['-.5'], -0.5],
    ['Atof', ['-Inf'], Number.NEGATIVE_INFINITY],
    ['Atof', [' 1'], 0],
    ['Atof', ['1x'], 0],
    ['LogInfo', ['%s', 'x'], true],
    ['Get', [['a', 'b'], 1], 'b'],
    ['Get', [['a'], 1], ''],
    ['Get', [undefined, 0], ''],
    ['KeyExists', ['a', { a: undefined }], true],
    ['KeyExists', ['constructor', {}], false],
    ['KeyExists', ['a', new Map([['a', 1]])], true],
    ['KeyExists', ['a', undefined], false],
    ['Distinct', [['b', 'a', 'b', 1, 1, '1']], ['b', 'a', 1, '1']],
    ['Distinct', ['ab'], undefined],
    ['Flatten', [[1, [2, [3]]], 4, []], [1, 2, 3, 4]],
    ['FlattenDistinct', [[1, [2, 1]], 2], [1, 2]],
  ]
  for (const [name, args, result] of cases) {
    test(`${name}(${JSON.stringify(args).slice(1, -1)})`, () => {
      assert.deepEqual(call(name, ...args), result)
    })
  }

  const refused: readonly (readonly [string, readonly unknown[]])[] = [
    ['B64Decode', ['aGk']],
    ['B64Decode', ['a-_=']],
    ['Get', [['a'], -1]],
    ['Distinct', [[['a']]]],
    ['FlattenDistinct', [{ a: 1 }]],
  ]
  for (const [name, args] of refused) {
    test(`${name}(${JSON.stringify(args).slice(1, -1)}) is refused`, () => {
      assert.throws(() => call(name, ...args), EvaluationError)
    })
  }

  test('what is logged', () => {
    const { log, records } = createListLog()
    const logging = createCaller({ log })
    logging('Atof', 'x')
    logging('LogInfo', 'hello %s', 'world')
    assert.deepEqual(records, [
      'warn: Atof was given text that is not a number',
      'info: an expression says',
    ])
  })

  test('a list nested without end is flattened', () => {
    let deep: unknown = 1
    for (let i = 0; i < 1e5; i++) deep = [deep]
    assert.deepEqual(call('Flatten', deep), [1])
  })
})
