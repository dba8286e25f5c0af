import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { compilePattern } from './compile-pattern.ts'
import { isLinear } from './linear-engine.ts'
import { parsePattern } from './parse-pattern.ts'
import { translate, Untranslatable } from './translate.ts'

// The library engine, a port of RE2, is the truth about what is accepted and what is matched.

interface Found {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
}

function oracle(source: string, text: string): Found | undefined {
  const program = RE2JS.compile(source)
  const matcher = program.matcher(text)
  if (!matcher.find()) return undefined
  const groups = Object.entries(program.namedGroups())
    .sort(([, a], [, b]) => a - b)
    .map(([, index]) => matcher.group(index) ?? undefined)
  return { start: matcher.start(), end: matcher.end(), groups }
}

const atoms = fc.constantFrom(
  ...['a', 'b', 'k', 'S', '.', '[ab]', '[^a]', '\\w', '\\S', '\\d', '(?i:k)', '(?i)s', '(?s:.)'],
  ...['é', '😀', '[😀-😎]', '\\pL', '[[:alpha:]]', '\\b', '^', '$', '\\B', '', '(?m:^)', '(?m:$)'],
  ...['ab', '\\x{1F600}', '[^😀]', '\\PL', '\\x41', '\\.', '[\\]a-]'],
)
const counts = fc.constantFrom(
  ...['*', '+', '?', '*?', '+?', '??', '{2}', '{0,2}', '{1,3}?', '{2,}', '{0}', '{1,20}', '{17}'],
)

// Group names are given in order afterwards: `#` stands for one.
const { pattern: generated } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    atoms,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc.tuple(tie('pattern'), counts).map(([a, count]) => `(?:${a})${count}`),
    tie('pattern').map((a) => `(?P<#>${a})`),
    tie('pattern').map((a) => `(${a})`),
  ),
}))
const pattern = generated
  .map((source) => {
    let names = 0
    return source.replaceAll('#', () => `n${names++}`)
  })
  // Counts inside one another may multiply to too many.
  .filter((source) => accepts(() => RE2JS.compile(source)))
const text = fc
  .array(fc.constantFrom('a', 'b', 'k', 'K', 's', 'S', '\u212a', 'é', '😀', '1', ' ', '\n', '.'), {
    maxLength: 8,
  })
  .map((chars) => chars.join(''))

test('match, span and named groups are those of RE2', () => {
  const law = fc.property(pattern, text, (source, subject) => {
    const expected = oracle(source, subject)
    assert.deepEqual(compilePattern(source).match(subject), expected)
    assert.equal(compilePattern(source).test(subject), expected !== undefined)
  })
  fc.assert(law, { numRuns: 4000 })
})

test('the same on texts that are long, or that use up the budget for stepping back', () => {
  const law = fc.property(pattern, text, fc.constantFrom('', 'z'), (source, piece, end) => {
    const subject = piece.repeat(700) + end
    assert.deepEqual(compilePattern(source).match(subject), oracle(source, subject))
  })
  fc.assert(law, { numRuns: 300 })
})

test('the linear engine of V8 comes to the same as its backtracking one', () => {
  const law = fc.property(pattern, text, (source, subject) => {
    let translated: string
    try {
      translated = translate(parsePattern(source), 'characters')
    } catch (error) {
      assert.ok(error instanceof Untranslatable)
      return
    }
    // Groups in a loop over nothing may cost a copy more than V8 allows.
    if (!isLinear(translated)) {
      assert.ok(source.includes('(?P<'), translated)
      return
    }
    const linear = new RegExp(translated, 'l').exec(subject)
    const backtracking = new RegExp(translated).exec(subject)
    assert.deepEqual(linear && [...linear], backtracking && [...backtracking])
  })
  fc.assert(law, { numRuns: 2000 })
})

test('required literals stand in every text that matches', () => {
  const law = fc.property(pattern, text, (source, subject) => {
    const compiled = compilePattern(source)
    if (oracle(source, subject) === undefined) return
    const { requiredLiterals, anchoredPrefixes } = compiled
    assert.ok(requiredLiterals.every((literal) => literal !== ''))
    if (requiredLiterals.length > 0) {
      assert.ok(
        requiredLiterals.some((literal) => subject.includes(literal)),
        source,
      )
    }
    if (anchoredPrefixes.length > 0) {
      assert.ok(
        anchoredPrefixes.some((prefix) => subject.startsWith(prefix)),
        source,
      )
    }
  })
  fc.assert(law, { numRuns: 3000 })
})

test('what is refused is what RE2 refuses', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      '(',
      ')',
      '(?:',
      '(?P<',
      '(?<',
      '>',
      '[',
      ']',
      '^',
      '-',
      '{',
      '}',
      '1',
      '0',
      ',',
      '\\',
    ],
    ...['*', '+', '?', '|', '(?i)', '(?', ':', 'Q', 'E', 'p', 'P', 'L', 'x', 'd', 'b', '[:', ':]'],
    ...['alpha', 'é', ' ', '{2}', '(?-s:', '!', '=', '9', '\\x{', '\\p{', 'Greek'],
  )
  const source = fc
    .array(pieces, { maxLength: 9 })
    .map((parts) => parts.join(''))
    // Go and RE2 take `[[:]` for a class of two characters, their port does not.
    .filter((source) => !source.includes('[:]'))
  const law = fc.property(source, (source) => {
    assert.equal(
      accepts(() => parsePattern(source)),
      accepts(() => RE2JS.compile(source)),
      source,
    )
  })
  fc.assert(law, { numRuns: 4000 })
})

function accepts(compile: () => unknown): boolean {
  try {
    compile()
    return true
  } catch {
    // Only whether it is refused counts here; the reasons have their own tables.
    return false
  }
}
