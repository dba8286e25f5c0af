import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { suite, test } from 'node:test'
import { createTextDict, systemClock } from '@tocsin/model'
import { sourceContract } from './source-contract.test-support.ts'
import { StdinSource } from './stdin-source.ts'

sourceContract('StdinSource', async () => {
  const stream = new PassThrough()
  return {
    resumes: false,
    create: () => new StdinSource({ stream, labels: createTextDict(), clock: systemClock }),
    write: async (...lines) => {
      stream.write(lines.map((line) => `${line}\n`).join(''))
    },
    writeBytes: async (bytes) => {
      stream.write(bytes)
    },
    [Symbol.asyncDispose]: async () => {
      stream.destroy()
    },
  }
})

suite('StdinSource', () => {
  async function read(write: (stream: PassThrough) => void) {
    const stream = new PassThrough()
    const source = new StdinSource({ stream, labels: createTextDict(), clock: systemClock })
    const lines: string[] = []
    write(stream)
    await source.start((batch) => {
      lines.push(...batch.lines)
      return { parsedCount: 0 }
    }, new AbortController().signal)
    return { lines, source }
  }

  test('ends with its input, and gives a last line without a break', async () => {
    const { lines, source } = await read((stream) => stream.end('a\nb'))
    assert.deepEqual(lines, ['a', 'b'])
    assert.equal(source.position(), undefined)
  })

  test('a pipe that breaks is a verdict, and what came before counts', async () => {
    const { lines, source } = await read((stream) => {
      stream.write('a\nb')
      setTimeout(() => stream.destroy(new Error('broken')), 5)
    })
    assert.deepEqual(lines, ['a', 'b'])
    assert.equal(source.health.verdict, 'unreadable')
  })
})
