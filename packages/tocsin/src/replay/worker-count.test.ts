import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { chooseWorkerCount, sizeOfLog } from './worker-count.ts'

suite('chooseWorkerCount', () => {
  const cases: [name: string, sizes: (number | undefined)[], cores: number, count: number][] = [
    ['a small log', [1e6], 8, 1],
    ['a large log', [1e9], 2, 2],
    ['many logs that are large together', [1e7, 1e7], 4, 4],
    ['a machine of one core', [1e9], 1, 1],
    ['more cores than can be fed', [1e9], 64, 8],
    ['a pipe of unknown length', [undefined], 8, 1],
  ]
  for (const [name, sizes, cores, count] of cases) {
    test(name, () => assert.equal(chooseWorkerCount(sizes, cores), count))
  }
})

test('what is no file has no size', () => {
  assert.equal(sizeOfLog('-'), undefined)
  assert.equal(sizeOfLog(import.meta.dirname), undefined)
  assert.ok((sizeOfLog(import.meta.filename) ?? 0) > 100)
})
