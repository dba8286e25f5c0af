import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { PatternLibrary } from './index.ts'

const library = PatternLibrary.base()

suite('explainMiss', () => {
  const misses: readonly (readonly [
    expression: string,
    text: string,
    offset: number,
    expected: string,
    within: readonly string[],
  ])[] = [
    ['^%{IP:a} - %{INT:b}$', '1.2.3.4 - x', 10, '%{INT:b}', []],
    ['^%{IP:a} - %{INT:b}', '1.2.3.4 + 5', 7, '" - "', []],
    ['^%{SYSLOGLINE}', 'hello', 0, '%{SYSLOGBASE2}', ['%{SYSLOGLINE}']],
    ['^%{SYSLOGLINE}', 'Mar 12 06:56:21', 15, '" "', ['%{SYSLOGLINE}', '%{SYSLOGBASE2}']],
    [
      '%{HTTPD_ERRORLOG}',
      '[Sun Mar 03 10:11:12.12 2024] [core:error] [pid x] foo',
      48,
      '%{POSINT:pid}',
      ['%{HTTPD_ERRORLOG}', '%{HTTPD24_ERRORLOG}'],
    ],
  ]
  for (const [expression, text, offset, expected, within] of misses) {
    test(`${expression} on ${text}`, () => {
      assert.deepEqual(library.compile(expression).explainMiss(text), { offset, expected, within })
    })
  }

  test('a text that matches misses nothing', () => {
    const miss = library.compile('%{INT:a}').explainMiss('5')
    assert.deepEqual(miss, { offset: 1, expected: '', within: [] })
  })

  test('hostile text ends in time', () => {
    const grok = library.compile('^(\\w+\\s?)*%{IP:ip}$')
    const started = performance.now()
    grok.explainMiss(`${'a'.repeat(20_000)}!`)
    assert.ok(performance.now() - started < 2000)
  })
})
