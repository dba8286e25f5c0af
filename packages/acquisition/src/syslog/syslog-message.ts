import { Instant } from '@tocsin/model'

/** What the network gave could not be read as a syslog message. */
export interface SyslogReading {
  /** The message in the form of a line of a log file; undefined when it is none. */
  readonly line: string | undefined
  readonly form: 'rfc3164' | 'rfc5424' | undefined
}

const unreadable: SyslogReading = { line: undefined, form: undefined }

const priority = /^<(\d{0,3})>/
const classicTime =
  /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d(?: \d{4}(?= ))?/
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)/
/** RFC 3164 wants letters and digits; programs are called `postfix/smtpd` and `sshd-session`. */
const tag = /^([\w./@()-]{1,128})(?:\[(\d{1,10})\])?(?::| |$)/

/**
 * Reads a syslog message of either kind and writes it as log files have it, which is what parsers
 * expect: `Aug  1 12:00:00 host sshd[12]: message`. A time that came in full stays in full.
 */
export function readSyslogMessage(text: string, nowMs: number): SyslogReading {
  const prefix = priority.exec(text)
  if (!prefix) return unreadable
  const rest = text.slice(prefix[0].length).replace(/\n$/, '')
  return rest.startsWith('1 ') ? readRfc5424(rest, nowMs) : readRfc3164(rest, nowMs)
}

/** Takes off the priority and leaves the rest as it is, for senders that keep to no form. */
export function stripPriority(text: string): string | undefined {
  const prefix = priority.exec(text)
  if (!prefix || prefix[1] === '') return undefined
  const rest = text.slice(prefix[0].length).replace(/\n$/, '')
  return rest === '' ? undefined : rest
}

function readRfc3164(text: string, nowMs: number): SyslogReading {
  const time = isoTime.exec(text)?.[0] ?? classicTime.exec(text)?.[0]
  if (time === undefined) return unreadable
  // One separator, whatever it is.
  const afterTime = text.slice(time.length + 1)
  const hostEnd = afterTime.indexOf(' ')
  if (hostEnd <= 0) return unreadable
  const host = afterTime.slice(0, hostEnd)
  const content = afterTime.slice(hostEnd + 1).trimStart()
  const named = tag.exec(content)
  const program = named?.[1] ?? ''
  const message = (named ? content.slice(named[0].length) : content).trim()
  if (message === '') return unreadable
  // A year after the time would be taken for the host.
  const shownTime = time.replace(/ \d{4}$/, '')
  return {
    line: format(shownTime, host, program, named?.[2] ?? '', message, nowMs),
    form: 'rfc3164',
  }
}

function readRfc5424(text: string, nowMs: number): SyslogReading {
  // Version, time, host, app, process id, message id; each one of them or a dash.
  const fields = text.split(' ', 6)
  if (fields.length < 6) return unreadable
  const [, time = '', host = '', app = '', pid = ''] = fields
  if (time !== '-' && !isoTime.test(time)) return unreadable
  const body = text.slice(fields.join(' ').length + 1)
  const message = skipStructuredData(body)
    ?.replace(/^\ufeff/, '')
    .trim()
  if (message === undefined || message === '') return unreadable
  const orEmpty = (field: string) => (field === '-' ? '' : field)
  const line = format(orEmpty(time), orEmpty(host), orEmpty(app), orEmpty(pid), message, nowMs)
  return { line, form: 'rfc5424' }
}

/** What comes after `-` or `[id name="value"]…`; undefined when these do not end. */
function skipStructuredData(text: string): string | undefined {
  if (text.startsWith('-')) return text.slice(1)
  let at = 0
  while (text[at] === '[') {
    let isQuoted = false
    for (at++; at < text.length; at++) {
      const character = text[at]
      if (isQuoted && character === '\\') at++
      else if (character === '"') isQuoted = !isQuoted
      else if (character === ']' && !isQuoted) break
    }
    if (at >= text.length) return undefined
    at++
  }
  return at === 0 ? undefined : text.slice(at)
}

function format(
  time: string,
  host: string,
  program: string,
  pid: string,
  message: string,
  nowMs: number,
): string {
  const shownTime = time === '' ? new Instant(nowMs).toString() : time
  const shownHost = host === '' ? 'unknownhost' : host
  const shownPid = pid === '' ? '' : `[${pid}]`
  const name = program === '' ? '' : `${program}${shownPid}: `
  // One line: a message must not be able to bring others.
  return `${shownTime} ${shownHost} ${name}${message.replace(/[\r\n]+/g, ' ')}`
}
