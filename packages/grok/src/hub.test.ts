import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { suite, test } from 'node:test'
import { createTextDict } from '@tocsin/model'
import { type Grok, PatternLibrary } from './index.ts'

const shared = process.env.TOCSIN_SHARED ?? resolve(import.meta.dirname, '../../../../shared')
const hub = join(shared, 'hub')
const skip = existsSync(hub) ? false : `no hub in ${shared}`

interface HubGrok {
  /** `crowdsecurity/nginx-logs`, as its tests call it. */
  readonly parser: string
  readonly grok: Grok
}

suite('hub', { skip }, () => {
  const { groks, replaced } = skip ? { groks: [], replaced: [] } : compileHub()

  test('its patterns resolve, compile, and run on V8', (t) => {
    assert.ok(groks.length > 230)
    const others = groks.filter(({ grok }) => grok.pattern.engine !== 'v8')
    t.diagnostic(`${groks.length - others.length} of ${groks.length} patterns run on V8`)
    for (const { parser, grok } of others) {
      t.diagnostic(`${parser}: ${grok.source}: ${grok.pattern.engineReason}`)
    }
    // Amavis has named groups that some rounds of a loop leave out, which only RE2 remembers.
    assert.ok(others.length <= 1)
  })

  test('no pattern of the hub has a built-in name', () => {
    const base = PatternLibrary.base()
    assert.deepEqual(
      replaced.filter((name) => base.has(name)),
      [],
    )
  })

  test('captures are those that the tests of the hub assert', (t) => {
    let agreed = 0
    const differing: string[] = []
    for (const { place, parser, parsed } of readAssertions()) {
      const message = parsed.message
      // Of JSON, groks see members.
      if (message === undefined || message.trimStart().startsWith('{')) continue
      const results = groks
        .filter((candidate) => candidate.parser === parser)
        .flatMap(({ grok }) => {
          const dict = createTextDict()
          return grok.match(message, dict) ? [{ ...dict }] : []
        })
      if (results.length === 0) continue
      const isRight = results.some((captured) =>
        Object.entries(captured).every(
          ([key, value]) => value === '' || key === 'message' || (parsed[key] ?? value) === value,
        ),
      )
      if (isRight) agreed++
      else differing.push(place)
    }
    t.diagnostic(`${agreed} results of parsers agree`)
    assert.ok(agreed > 600)
    // It writes the score again as a number: 7.181000.
    assert.deepEqual(differing, ['mailscanner-logs cbrandlehner/mailscanner-logs 0'])
  })
})

/** Every grok of the hub, with its `pattern_syntax` defined as an engine does: in file order. */
function compileHub(): { groks: HubGrok[]; replaced: string[] } {
  const groks: HubGrok[] = []
  const replaced: string[] = []
  const base = PatternLibrary.base()
  for (const folder of ['parsers', 'postoverflows']) {
    const library = base.clone()
    for (const file of readdirSync(join(hub, folder), {
      recursive: true,
      encoding: 'utf8',
    }).sort()) {
      if (!/\.ya?ml$/.test(file)) continue
      const parser = file.replace(/^[^/]*\//, '').replace(/\.ya?ml$/, '')
      for (const { key, text, isDefinition } of readPatterns(join(hub, folder, file))) {
        if (!isDefinition) {
          const expression = key === 'name' ? `%{${text}}` : text
          groks.push({ parser, grok: library.compile(expression) })
        } else if (library.define(key, text) === 'kept') replaced.push(key)
      }
    }
  }
  return { groks, replaced }
}

interface PatternLine {
  readonly key: string
  readonly text: string
  /** Whether it stands in a `pattern_syntax`. */
  readonly isDefinition: boolean
}

/** The patterns of a parser, line by line: all but one stand on one line, and this needs no YAML. */
function* readPatterns(path: string): Generator<PatternLine> {
  let syntaxIndent = Number.POSITIVE_INFINITY
  let isInGrok = false
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = /^([\s-]*)(\w+):(.*)$/.exec(line)
    if (!match) continue
    const [, { length: indent } = '', key = '', rest = ''] = match
    const text = unquote(rest.trim())
    if (indent > syntaxIndent && text !== '') {
      yield { key, text, isDefinition: true }
      continue
    }
    syntaxIndent = key === 'pattern_syntax' ? indent : Number.POSITIVE_INFINITY
    const isPattern = key === 'pattern' || (key === 'name' && isInGrok)
    isInGrok = key === 'grok' && text === ''
    if (isPattern && text !== '' && text !== '>-') yield { key, text, isDefinition: false }
  }
}

function unquote(scalar: string): string {
  const single = /^'((?:[^']|'')*)'/.exec(scalar)?.[1]
  if (single !== undefined) return single.replaceAll("''", "'")
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(scalar)?.[1]
  return double?.replace(/\\(.)/g, '$1') ?? scalar.replace(/\s+#.*$/, '')
}

interface Assertion {
  readonly place: string
  readonly parser: string
  readonly parsed: Record<string, string>
}

/** What the hub's tests say stands in `Parsed` after each parser of stage s01-parse. */
function readAssertions(): Iterable<Assertion> {
  const syntax =
    /^results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.Parsed\["([^"]+)"\] == (".*")$/
  const assertions = new Map<string, Assertion>()
  for (const name of readdirSync(join(hub, '.tests'))) {
    const path = join(hub, '.tests', name, 'parser.assert')
    if (!existsSync(path)) continue
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const [, parser = '', index, key = '', value = ''] = syntax.exec(line) ?? []
      if (parser === '') continue
      const place = `${name} ${parser} ${index}`
      const assertion = assertions.get(place) ?? { place, parser, parsed: {} }
      // Go's quoting: JSON's but for \\x, and tabs as they are.
      const json = value.replace(/\\x([0-9a-f]{2})/g, '\\u00$1').replaceAll('\t', '\\t')
      assertion.parsed[key] = JSON.parse(json)
      assertions.set(place, assertion)
    }
  }
  return assertions.values()
}
