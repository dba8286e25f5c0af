/**
 * How many expressions are evaluated per second? Events differ from call to call, so that nothing
 * is learnt by heart. Run with `node packages/expr/bench/evaluate.bench.ts`.
 */
import assert from 'node:assert/strict'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { compileExpression } from '../src/compile-expression.ts'
import { createEvent, eventEnvironment } from '../src/event-environment.test-support.ts'
import type { Expression } from '../src/expression.ts'

const paths = ['/index.html', '/wp-login.php', '/a/b/c', '/Admin', '/.env', '/img/x.png']
const events = Array.from({ length: 1024 }, (_, i) =>
  createEvent({
    meta: {
      log_type: ['http_access-log', 'http_error-log', 'ssh_failed-auth', 'other'][i % 4] ?? '',
      service: 'http',
      http_status: i % 3 === 0 ? '404' : '200',
      http_path: paths[i % paths.length] ?? '',
    },
    parsed: {
      program: i % 2 === 0 ? 'nginx' : 'sshd',
      static_ressource: i % 5 === 0 ? 'true' : 'false',
      request: paths[i % paths.length] ?? '',
    },
    unmarshaled: { json: { user: { name: 'admin', id: i } } },
  }),
)
const words = Array.from({ length: 100 }, (_, i) => `'nothing${i}'`)

const questions: Record<string, { text: string; matches: number; millions: number }> = {
  'a filter of scenarios': {
    text: "evt.Meta.log_type in ['http_access-log','http_error-log'] && evt.Parsed.static_ressource == 'false'",
    matches: 409,
    millions: 20,
  },
  'a filter of parsers': { text: "evt.Parsed.program == 'sshd'", matches: 512, millions: 20 },
  'decoded JSON': {
    text: "evt.Unmarshaled.json?.user.name == 'admin' && evt.Unmarshaled.json.user.id > 511",
    matches: 512,
    millions: 4,
  },
  'a pattern': { text: "evt.Meta.http_path matches '^/(wp-|\\\\.)'", matches: 341, millions: 4 },
  'a data file of 3 lines': {
    text: "any(File('list'), {Lower(evt.Meta.http_path) contains #})",
    matches: 512,
    millions: 2,
  },
  'a data file of 600 lines': {
    text: "any(File('long'), {Upper(evt.Meta.http_path) contains Upper(#)})",
    matches: 0,
    millions: 0.5,
  },
  'a name in a data file of 600 lines': {
    text: "any(File('long'), {evt.Parsed.request == #})",
    matches: 0,
    millions: 0.5,
  },
  '100 times contains': {
    text: words.map((word) => `Lower(evt.Parsed.request) contains ${word}`).join(' || '),
    matches: 0,
    millions: 0.2,
  },
}

for (const [title, { text, matches, millions }] of Object.entries(questions)) {
  const problems = new Problems()
  const expression = compileExpression(new SourceText(title, text), eventEnvironment, problems)
  assert.ok(expression, problems.list[0]?.message ?? title)
  const { evaluate } = expression
  assert.equal(events.filter((event) => evaluate(event) === true).length, matches, title)
  const rates = Array.from({ length: 7 }, () => rate(evaluate, millions * 1e6)).toSorted(
    (a, b) => a - b,
  )
  const [low = 0, median = 0, high = 0] = [rates[0], rates[3], rates[6]]
  const shown = [median, low, high].map((value) => (value / 1e6).toFixed(2).padStart(8))
  console.log(`${title.padEnd(36)} median${shown[0]} M/s   from${shown[1]} to${shown[2]}`)
}

function rate(evaluate: Expression['evaluate'], count: number): number {
  let found = 0
  const start = performance.now()
  for (let i = 0; i < count; i++) if (evaluate(events[i & 1023]) === true) found++
  const seconds = (performance.now() - start) / 1000
  assert.ok(found >= 0)
  return count / seconds
}
