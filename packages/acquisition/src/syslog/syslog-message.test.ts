import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { readSyslogMessage, stripPriority } from './syslog-message.ts'

const nowMs = Date.UTC(2026, 7, 1, 12)

suite('readSyslogMessage', () => {
  const read: Readonly<Record<string, string>> = {
    '<34>Oct 11 22:14:15 mymachine su: failed for lonvick':
      'Oct 11 22:14:15 mymachine su: failed for lonvick',
    '<34>Oct  1 02:14:15 h sshd[12]: m\n': 'Oct  1 02:14:15 h sshd[12]: m',
    '<>Oct  1 02:14:15 h sshd: m': 'Oct  1 02:14:15 h sshd: m',
    '<13>Oct 11 22:14:15 h postfix/smtpd[9]: lost': 'Oct 11 22:14:15 h postfix/smtpd[9]: lost',
    '<13>Oct 11 22:14:15 h sshd-session[9]: bad': 'Oct 11 22:14:15 h sshd-session[9]: bad',
    '<13>Oct 11 22:14:15 2026 h cron[9]: m': 'Oct 11 22:14:15 h cron[9]: m',
    '<13>2026-01-02T15:04:05+01:00 h a: m': '2026-01-02T15:04:05+01:00 h a: m',
    '<13>2026-01-02T15:04:05.123456Z h a: m': '2026-01-02T15:04:05.123456Z h a: m',
    '<13>Oct 11 22:14:15 h just some words': 'Oct 11 22:14:15 h just: some words',
    '<13>Oct 11 22:14:15 h a: two\nlines': 'Oct 11 22:14:15 h a: two lines',
    '<165>1 2003-10-11T22:14:15.003Z host evntslog 12 ID47 [x@1 a="b]\\"c"] An event':
      '2003-10-11T22:14:15.003Z host evntslog[12]: An event',
    '<165>1 - - - - - - plain': '2026-08-01T12:00:00Z unknownhost plain',
    '<165>1 - h -x - - - plain': '2026-08-01T12:00:00Z h -x: plain',
    '<165>1 - h app - - [a][b c="d"] \ufeffplain': '2026-08-01T12:00:00Z h app: plain',
  }
  for (const [message, line] of Object.entries(read)) {
    test(JSON.stringify(message), () => {
      assert.equal(readSyslogMessage(message, nowMs).line, line)
    })
  }

  const refused = [
    '',
    'no priority',
    '<34',
    '<1234>Oct 11 22:14:15 h a: m',
    '<34>yesterday h a: m',
    '<34>Oct 11 22:14:15 h a:',
    '<34>Oct 11 22:14:15 ',
    '<165>1 2003-10-11 host a - - - m',
    '<165>1 - h a - - [x="never ends',
    '<165>1 - h a - - -',
    '<165>1 - h',
  ]
  for (const message of refused) {
    test(`${JSON.stringify(message)} is none`, () => {
      assert.equal(readSyslogMessage(message, nowMs).line, undefined)
    })
  }

  test('no message makes two lines, and none takes long', () => {
    const part = fc.constantFrom(
      '<34>',
      '1 ',
      '-',
      '[a="',
      '"]',
      '\n',
      '\r',
      ' ',
      'Oct 11 22:14:15 ',
      'h ',
    )
    const law = fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }), (parts) => {
      const { line } = readSyslogMessage(parts.join(''), nowMs)
      assert.ok(line === undefined || !/[\r\n]/.test(line))
    })
    fc.assert(law)
    const long = `<34>Oct 11 22:14:15 h ${' \n'.repeat(32_000)}x`
    const startedMs = performance.now()
    readSyslogMessage(long, nowMs)
    assert.ok(performance.now() - startedMs < 500)
  })
})

suite('stripPriority', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    '<13>anything\n': 'anything',
    '<>x': undefined,
    '<13>': undefined,
    x: undefined,
  }
  for (const [message, line] of Object.entries(cases)) {
    test(JSON.stringify(message), () => assert.equal(stripPriority(message), line))
  }
})
