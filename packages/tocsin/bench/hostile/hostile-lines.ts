import { exampleText, hostileTexts } from '@tocsin/regex'
import type { FoundPattern } from './collect-patterns.ts'

/** A line meant to be slow, and the type of the log it stands in. */
export interface HostileLine {
  readonly rule: string
  readonly type: string
  readonly raw: string
}

const lineBytes = 65_536
/** What stands around a text within a line takes its share. */
const textLength = lineBytes - 512
const mostTypes = 2

/** Lines whose text is hostile to a grok, each where its parser will look for it. */
export function* grokLines(found: FoundPattern, textsPerPattern: number): Generator<HostileLine> {
  const { rule, outer } = found
  const types = found.types.length > 0 ? found.types.slice(0, mostTypes) : ['syslog']
  for (const text of hostileTexts(found.pattern.tree, {
    length: textLength,
    limit: textsPerPattern,
  })) {
    const message = outer ? exampleText(outer.pattern.tree, new Map([[outer.name, text]])) : text
    for (const type of types) {
      yield { rule, type, raw: message.slice(0, lineBytes) }
      yield { rule, type: 'syslog', raw: syslog(type, message).slice(0, lineBytes) }
    }
  }
}

/** Lines that carry a hostile text where scenarios look: in a request, its agent, a user's name. */
export function* expressionLines(
  { rule, pattern }: FoundPattern,
  textsPerPattern: number,
): Generator<HostileLine> {
  for (const text of hostileTexts(pattern.tree, { length: textLength, limit: textsPerPattern })) {
    // A line break ends the line, and a quote the field.
    const word = text.replace(/[\s"\0]/g, '+')
    yield { rule, type: 'nginx', raw: accessLine(`/${word}`, 'Mozilla/5.0') }
    yield { rule, type: 'nginx', raw: accessLine('/', text.replace(/["\n]/g, '+')) }
  }
}

/** Lines of one type whose texts are hostile to parsers and functions, whatever their patterns. */
export function* plainLines(type: string): Generator<HostileLine> {
  for (const [rule, text] of Object.entries(plainTexts())) {
    yield { rule, type, raw: text }
    yield { rule, type: 'syslog', raw: syslog(type, text) }
  }
}

/** The same in requests and names of users, where they reach scenarios. */
export function* requestLines(): Generator<HostileLine> {
  for (const [rule, text] of Object.entries(plainTexts())) {
    const field = text.replaceAll('"', '+')
    yield { rule, type: 'nginx', raw: accessLine(`/${field}`, 'x') }
    yield { rule, type: 'nginx', raw: accessLine('/', field) }
    yield {
      rule,
      type: 'syslog',
      raw: syslog('sshd', `Invalid user ${text} from 192.0.2.1 port 1`),
    }
  }
}

function plainTexts(): Readonly<Record<string, string>> {
  const fill = (unit: string) => unit.repeat(Math.floor(textLength / unit.length))
  const half = Math.floor(textLength / 2)
  return {
    letters: fill('a'),
    digits: fill('1'),
    spaces: fill(' '),
    quotes: fill('"'),
    'quoted words': fill('"a" '),
    backslashes: fill('\\'),
    brackets: '['.repeat(half) + ']'.repeat(half),
    'deep json': `${'{"a":'.repeat(Math.floor(textLength / 6))}1${'}'.repeat(1000)}`,
    'wide json': `{${fill('"k":"v",').slice(0, -1)}}`,
    'json of escapes': `{"a":"${fill('\\u0041').slice(0, -8)}"}`,
    'pairs of keys and values': fill('k=v '),
    'quoted values': fill('k="v\\"" '),
    'deep xml': fill('<a>'),
    'wide xml': fill('<a b="c"/>'),
    entities: fill('&amp;'),
    'percent signs': fill('%25'),
    'bad percent signs': fill('%'),
    'query arguments': `GET /?${fill('a=b&')}`,
    'path segments': `GET ${fill('/..')}`,
    addresses: fill('1.2.3.4 '),
    'addresses of IPv6': fill('1:2:3:4:5:6:7:8 '),
    colons: fill(':'),
    'a date over and over': fill('Nov  1 00:00:00 '),
    'an ISO date over and over': fill('2026-11-01T00:00:00Z '),
    'a syslog head over and over': fill('Nov  1 00:00:00 host sshd[1]: '),
    commas: fill(','),
    'characters past ASCII': fill('é'),
    'characters of two units': fill('😀'),
    'halves of pairs': fill('\ud83d'),
    NUL: fill('\0'),
    'control characters': fill('\x1b[0m'),
    tabs: fill('\t'),
  }
}

function syslog(program: string, message: string): string {
  return `Nov  1 00:00:00 host ${program}[1]: ${message}`
}

function accessLine(path: string, agent: string): string {
  return `192.0.2.1 - - [01/Nov/2026:00:00:00 +0000] "GET ${path} HTTP/1.1" 404 0 "-" "${agent}"`
}
