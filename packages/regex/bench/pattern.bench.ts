import assert from 'node:assert/strict'
import { compilePattern } from '../src/index.ts'
import { measure } from './measure.ts'

const octet = '(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})'
const address = `(?:(?:${octet}\\.){3}${octet}|[0-9A-Fa-f:]+)`
const access =
  `^(?P<source>${address}|[0-9A-Za-z][0-9A-Za-z.-]*) - (?P<user>.*?) \\[(?P<time>[^\\]]*)\\] ` +
  '"(?P<verb>\\w+) (?P<path>.*?) HTTP/(?P<version>[0-9.]+)" (?P<status>\\d+) (?P<bytes>\\d+) ' +
  '"(?P<referer>[^"]*)" "(?P<agent>[^"]*)"'
const lines = Array.from(
  { length: 512 },
  (_, i) =>
    `203.0.113.${i % 256} - - [12/Mar/2026:10:11:12 +0000] "GET /wp-content/${i}/index.php?id=12 ` +
    'HTTP/1.1" 404 1234 "https://example.org/some/ref" "Mozilla/5.0 (X11; Linux x86_64) ' +
    'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"',
).map((line) => Buffer.from(line).toString('latin1'))
let next = 0
const line = () => lines[next++ % lines.length] as string

console.log('how long does a named-group expression take on an access log line?')
const anchored = compilePattern(access)
assert.equal(anchored.engine, 'v8')
assert.equal(anchored.exec(line())?.[1], '203.0.113.0')
measure('exec', 200_000, () => anchored.exec(line()))
measure('match', 200_000, () => anchored.match(line()))
measure('test', 200_000, () => anchored.test(line()))
const floating = compilePattern(access.slice(1))
measure('exec, not anchored', 200_000, () => floating.exec(line()))
const unsafe = compilePattern(`${access} ?.?`)
measure('exec, texts told apart', 200_000, () => unsafe.exec(line()))

console.log('and on a line of another kind?')
for (const [name, source] of Object.entries({
  anchored: '^(?P<a>.*?) sshd\\[(?P<b>\\d+)\\]: (?P<c>.*) from (?P<d>\\S+)$',
  'not anchored': '(?P<a>\\S+) sshd\\[(?P<b>\\d+)\\]: (?P<c>.*) from (?P<d>\\S+)',
  'literal first': 'sshd\\[(?P<b>\\d+)\\]: (?P<c>.*) from (?P<d>\\S+)',
  'no literal': '(?P<a>\\d{5}) (?P<b>[a-z]{9}) (?P<c>\\d+)',
  'case ignored': '(?i)select.+from.+where',
})) {
  const pattern = compilePattern(source)
  assert.equal(pattern.exec(line()), null)
  measure(name, 200_000, () => pattern.exec(line()))
}

console.log('what is the worst that a hostile text does?')
const words = 'a'.repeat(65_536)
for (const [source, text] of [
  ['^(\\w+\\s?)*$', `${words}!`],
  ['\\w+@\\w+', words],
  ['.*?a.*?b.*?c', 'ab'.repeat(32_768)],
  [access.slice(1), `203.0.113.1 - ${'['.repeat(65_000)}`],
  ['(?i)(.*)(?:%20|\\s)union(?:%20|\\s)(.*)select', '%20union'.repeat(8_192)],
] as const) {
  const pattern = compilePattern(source)
  assert.equal(pattern.test(text), false)
  const shown = source.slice(0, 24)
  measure(`${shown} on ${text.length} characters`, 5, () => pattern.test(text))
  const short = text.slice(0, 4096)
  measure(`${shown} on ${short.length} characters`, 20, () => pattern.test(short))
}
