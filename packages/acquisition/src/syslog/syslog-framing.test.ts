import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { SyslogFraming } from './syslog-framing.ts'

function frame(chunks: readonly (string | Buffer)[], maxBytes?: number) {
  const framing = new SyslogFraming(maxBytes)
  const messages: string[] = []
  for (const chunk of chunks) framing.push(Buffer.from(chunk), (text) => messages.push(text))
  return { messages, truncated: framing.truncatedCount }
}

suite('SyslogFraming', () => {
  const cases: Readonly<Record<string, readonly [chunks: string[], messages: string[]]>> = {
    lines: [['<1>a\n<2>b\r\n'], ['<1>a', '<2>b']],
    counted: [['5 <1>ab4 <2>c'], ['<1>ab', '<2>c']],
    'both in turn': [['5 <1>ab<2>b\n4 <3>c'], ['<1>ab', '<2>b', '<3>c']],
    'a count over chunks': [['1', '1', ' <1>abc', 'defgh'], ['<1>abcdefgh']],
    'a line that begins with a digit': [['2026 and more\n'], []],
    'no end yet': [['<1>abc'], []],
    'NULs at the end': [['<1>a\0\n'], ['<1>a']],
  }
  for (const [name, [chunks, messages]] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(frame(chunks).messages, messages))
  }

  test('too long: cut, counted, the next is whole', () => {
    const line = frame([`<1>${'x'.repeat(50)}`, 'yyy\n<2>b\n'], 10)
    assert.deepEqual(line, { messages: ['<1>xxxxxxx', '<2>b'], truncated: 1 })
    const counted = frame([`53 <1>${'x'.repeat(50)}4 <2>b`], 10)
    assert.deepEqual(counted, { messages: ['<1>xxxxxxx', '<2>b'], truncated: 1 })
  })

  test('where chunks are cut changes nothing', () => {
    const message = fc.string({ minLength: 1, maxLength: 12 }).map((text) => {
      const line = `<1>${text.replace(/[\r\n\0]/g, '_')}`
      return text.length % 2 === 0 ? `${line}\n` : `${Buffer.byteLength(line)} ${line}`
    })
    const law = fc.property(
      fc.array(message, { maxLength: 10 }),
      fc.integer({ min: 1, max: 9 }),
      (messages, size) => {
        const bytes = Buffer.from(messages.join(''))
        const chunks: Buffer[] = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
        assert.deepEqual(frame(chunks), frame([bytes]))
        assert.equal(frame([bytes]).messages.length, messages.length)
      },
    )
    fc.assert(law)
  })
})
