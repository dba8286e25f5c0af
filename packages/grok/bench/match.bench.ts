/**
 * How many lines a second does one grok expression take apart, and what does a line cost that is
 * not for it? Run: node packages/grok/bench/match.bench.ts
 */
import assert from 'node:assert/strict'
import { createTextDict } from '@tocsin/model'
import { PatternLibrary } from '../src/index.ts'

const library = PatternLibrary.base()
const nginx = library.compile(
  '(%{IPORHOST:target_fqdn}(:%{INT:port})? )?%{IPORHOST:remote_addr} - (%{NGUSER:remote_user} )?\\[%{HTTPDATE:time_local}\\] "%{WORD:verb} %{DATA:request} HTTP/%{NUMBER:http_version}" %{NUMBER:status} %{NUMBER:body_bytes_sent} "%{NOTDQUOTE:http_referer}" "%{NOTDQUOTE:http_user_agent}"',
)
const sshd = library.compile('%{SSHD_FAIL}')
const syslog = library.compile('^%{SYSLOGLINE}')
const nginxLine = (n: number) =>
  `198.51.100.${n} - - [12/Mar/2026:06:5${n % 10}:28 +0000] "GET /shop/item/${n}?ref=mail HTTP/1.1" 200 ${20_000 + n} "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"`
const nginxLine6 = (n: number) => nginxLine(n).replace(/^\S+/, `2001:db8:17::${n}`)
const sshdLine = (n: number) =>
  `Mar 12 06:56:28 web1 sshd[${1000 + n}]: Failed password for root from 198.51.100.${n} port 4${n} ssh2`

const cases = [
  { title: 'nginx access line', grok: nginx, line: nginxLine, name: 'status', value: '200' },
  { title: 'nginx access line, IPv6', grok: nginx, line: nginxLine6, name: 'verb', value: 'GET' },
  { title: 'syslog header', grok: syslog, line: sshdLine, name: 'program', value: 'sshd' },
  { title: 'sshd failed login', grok: sshd, line: sshdLine, name: 'sshd_protocol', value: 'ssh2' },
  { title: 'sshd pattern, nginx line', grok: sshd, line: nginxLine, name: '', value: '' },
  { title: 'nginx pattern, sshd line', grok: nginx, line: sshdLine, name: '', value: '' },
]

for (const { title, grok, line, name, value } of cases) {
  const lines = Array.from({ length: 200 }, (_, n) => line(n))
  const dict = createTextDict()
  assert.equal(grok.match(lines[7] ?? '', dict), name !== '')
  if (name !== '') assert.equal(dict[name], value)
  const rounds = Array.from({ length: 7 }, () =>
    run(() => {
      for (const text of lines) grok.match(text, createTextDict())
    }),
  ).sort((a, b) => a - b)
  const perSecond = Math.round((rounds[3] ?? 0) * lines.length)
  const spread = Math.round(((rounds[6] ?? 0) - (rounds[0] ?? 0)) * lines.length)
  console.log(
    `${title.padEnd(28)} ${perSecond.toLocaleString('en')} lines/s ± ${(spread / 2).toLocaleString('en')} (${grok.pattern.engine})`,
  )
}

/** Runs per second over about 150 ms. */
function run(work: () => void): number {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < 150) {
    work()
    count++
  }
  return (count * 1000) / (performance.now() - start)
}
