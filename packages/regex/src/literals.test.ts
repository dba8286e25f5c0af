import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { anchoredPrefixes, requiredLiterals } from './literals.ts'
import { parsePattern } from './parse-pattern.ts'

suite('required literals', () => {
  const required: Readonly<Record<string, readonly string[]>> = {
    'sshd\\[\\d+\\]: Failed (?P<how>password|publickey) for': [
      ']: Failed password for',
      ']: Failed publickey for',
    ],
    '.*foo.+longer.*': ['longer'],
    'a?b+c': ['bc'],
    '(?:GET|POST) /\\w+': ['GET /', 'POST /'],
    '(?:foo.*|bar\\d)x': ['foo', 'bar'],
    '(?:foo|.*)': [],
    '\\w+': [],
    'x{3}y?': ['xxx'],
    '(?:ab){2,}': ['abab'],
    '(?:ab)?': [],
    '(?i)from:? \\d+ 404': [' 404'],
    '[Aa]b': ['Ab', 'ab'],
    '\\bword\\b': ['word'],
    '': [],
  }
  for (const [source, literals] of Object.entries(required)) {
    test(source, () => assert.deepEqual(requiredLiterals(parsePattern(source)), literals))
  }
  test('folded', () => {
    const literals = requiredLiterals(parsePattern('(?i)SELECT\\s+[a-z]* FROM(?-i)X'), 'folded')
    assert.deepEqual(literals, ['select'])
  })
})

suite('what a matching text begins with', () => {
  const prefixes: Readonly<Record<string, readonly string[]>> = {
    '^foo.*': ['foo'],
    '^(?P<a>foo|ba[rz])x+': ['foo', 'bar', 'baz'],
    '\\Afoo': ['foo'],
    '(?m)^foo': [],
    foo: [],
    '^.*foo': [],
    '^a|b': [],
  }
  for (const [source, texts] of Object.entries(prefixes)) {
    test(source, () => assert.deepEqual(anchoredPrefixes(parsePattern(source)), texts))
  }
})
