import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type OnPair, scanKeyValues, scanLaxKeyValues } from './key-values.ts'

type Pairs = readonly (readonly [string, string])[]

function collect(scan: (text: string, onPair: OnPair) => number, text: string): Pairs {
  const pairs: [string, string][] = []
  assert.equal(
    scan(text, (key, value) => pairs.push([key, value])),
    pairs.length,
  )
  return pairs
}

suite('scanKeyValues', () => {
  const cases: Readonly<Record<string, Pairs>> = {
    '': [],
    'no pair here': [],
    'a=1 b=two': [
      ['a', '1'],
      ['b', 'two'],
    ],
    'msg="a b" x=1': [
      ['msg', 'a b'],
      ['x', '1'],
    ],
    'msg="say \\"hi\\"" x=': [
      ['msg', 'say \\"hi\\"'],
      ['x', ''],
    ],
    'a="" b=c': [
      ['a', ''],
      ['b', 'c'],
    ],
    'a="open b=c': [
      ['a', '"open'],
      ['b', 'c'],
    ],
    'a="x"b=c': [
      ['a', 'x'],
      ['b', 'c'],
    ],
    'a=b=c': [['a', 'b']],
    'a==b': [['a', '']],
    '= x=1': [['x', '1']],
    'a= b=1': [
      ['a', ''],
      ['b', '1'],
    ],
    'a=1\tb=2\nc=3': [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
    '"k"=v': [['"k"', 'v']],
  }
  for (const [text, pairs] of Object.entries(cases)) {
    test(JSON.stringify(text), () => assert.deepEqual(collect(scanKeyValues, text), pairs))
  }

  test('agrees with the regular expression that defines it', () => {
    const definition = /([^=\s]+)=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^=\s]+)|\s*)/g
    const units = fc.constantFrom('a', 'b', '=', '"', '\\', ' ', '\n')
    const law = fc.property(fc.string({ unit: units, maxLength: 14 }), (text) => {
      const wanted = [...text.matchAll(definition)].map((m) => [m[1], m[2] ?? m[3] ?? ''])
      assert.deepEqual(collect(scanKeyValues, text), wanted)
    })
    fc.assert(law, { numRuns: 1000 })
  })
})

suite('scanLaxKeyValues', () => {
  const cases: Readonly<Record<string, Pairs>> = {
    'nothing here': [],
    'UNIFIhost=Express 7 port=443': [
      ['UNIFIhost', 'Express 7'],
      ['port', '443'],
    ],
    'RES=0x00 SYN URGP=0': [
      ['RES', '0x00 SYN'],
      ['URGP', '0'],
    ],
    'a="x=1 y" b=2': [
      ['a', 'x=1 y'],
      ['b', '2'],
    ],
    'a="say \\"hi\\" c=3" b=2': [
      ['a', 'say "hi" c=3'],
      ['b', '2'],
    ],
    'a="x\\\\y"': [['a', 'x\\y']],
    'a="open b=2': [['a', 'open b=2']],
    '1ab=3 x.y-z=4': [
      ['ab', '3'],
      ['x.y-z', '4'],
    ],
    'a= =b': [['a', '=b']],
  }
  for (const [text, pairs] of Object.entries(cases)) {
    test(JSON.stringify(text), () => assert.deepEqual(collect(scanLaxKeyValues, text), pairs))
  }
})

test('hostile text takes linear time', () => {
  const texts = [
    'a'.repeat(1e6),
    '='.repeat(1e6),
    'a="'.repeat(3e5),
    `a="${'\\"'.repeat(5e5)}`,
    'a="x\\\n'.repeat(2e5),
    'a.'.repeat(5e5),
  ]
  const started = performance.now()
  for (const text of texts) {
    scanKeyValues(text, () => {})
    scanLaxKeyValues(text, () => {})
  }
  assert.ok(performance.now() - started < 2000)
})
