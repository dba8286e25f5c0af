import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createTextDict } from '@tocsin/model'
import { GrokError, PatternLibrary } from './index.ts'

suite('define', () => {
  test('the first definition of a name wins', () => {
    const library = PatternLibrary.base()
    assert.equal(library.define('TICKET', '[A-Z]+-%{INT:ticket}'), 'defined')
    assert.equal(library.define('TICKET', '[A-Z]+-%{INT:ticket}'), 'repeated')
    assert.equal(library.define('TICKET', '#%{INT:number}'), 'kept')
    assert.deepEqual(library.compile('%{TICKET}').names, ['ticket'])
  })

  test('a taken name is kept however wrong the second pattern is', () => {
    assert.equal(PatternLibrary.base().define('INT', '(%{NOWHERE}'), 'kept')
  })

  test('a pattern refers only to names before it, itself not included', () => {
    const library = PatternLibrary.empty()
    assert.throws(() => library.define('A', 'a%{A}'), { code: 'TOC_GROK_UNKNOWN_PATTERN' })
    assert.throws(() => library.define('A', '%{B}'), { code: 'TOC_GROK_UNKNOWN_PATTERN' })
    assert.equal(library.has('A'), false)
  })

  const refused: Record<string, readonly [pattern: string, code: string, offset: number]> = {
    'nothing at all': ['', 'TOC_GROK_EMPTY', 0],
    'an open group': ['ab(c', 'TOC_GROK_REGEXP', 2],
    'look-ahead': ['%{INT}(?=x)', 'TOC_GROK_REGEXP', 6],
    'a back-reference': ['(a)\\1', 'TOC_GROK_REGEXP', 3],
    'an unknown pattern': ['%{INT} %{IPADRESS:ip}', 'TOC_GROK_UNKNOWN_PATTERN', 7],
    'a repetition of a repetition': ['%{INT}**', 'TOC_GROK_REGEXP', 6],
  }
  for (const [title, [pattern, code, offset]] of Object.entries(refused)) {
    test(`${title} is refused`, () => {
      assert.throws(() => PatternLibrary.base().define('X', pattern), { code, offset })
      assert.throws(() => PatternLibrary.base().compile(pattern), { code, offset })
    })
  }

  test('an unknown pattern comes with the name that may be meant', () => {
    const message = { message: 'unknown pattern %{TIMESTMP_ISO8601}' }
    const hint = { hint: 'did you mean %{TIMESTAMP_ISO8601}?' }
    assert.throws(() => PatternLibrary.base().compile('%{TIMESTMP_ISO8601:t}'), message)
    assert.throws(() => PatternLibrary.base().compile('%{TIMESTMP_ISO8601:t}'), hint)
  })

  test('an error of the regular expression keeps its cause', () => {
    try {
      PatternLibrary.base().compile('[z-a]')
      assert.fail('was compiled')
    } catch (error) {
      assert.ok(error instanceof GrokError)
      assert.ok(error.cause instanceof Error)
    }
  })
})

suite('loadFile', () => {
  test('takes NAME regexp lines and ignores all others', () => {
    const library = PatternLibrary.base()
    library.loadFile('# mine\n\nPORT :%{POSINT:port}\nnot-a-name x\nHERE  %{IP:ip}%{PORT}?\r\n')
    const dict = createTextDict()
    assert.equal(library.compile('at %{HERE}').match('at 192.0.2.1:80', dict), true)
    assert.deepEqual({ ...dict }, { ip: '192.0.2.1', port: '80' })
    assert.equal(library.has('not'), false)
  })

  const refused: Record<string, readonly [text: string, code: string, offset: number]> = {
    'a name of the library': ['A a\nINT 5', 'TOC_GROK_DUPLICATE', 4],
    'a name of its own': ['A a\nA a', 'TOC_GROK_DUPLICATE', 4],
    'a name defined later': ['A %{B}\nB b', 'TOC_GROK_UNKNOWN_PATTERN', 2],
    'a bad regular expression': ['A a\nB   b)', 'TOC_GROK_REGEXP', 9],
  }
  for (const [title, [text, code, offset]] of Object.entries(refused)) {
    test(`${title} is refused`, () => {
      assert.throws(() => PatternLibrary.base().loadFile(text), { code, offset })
    })
  }
})

suite('base', () => {
  test('every built-in pattern compiles and runs in linear time on V8', () => {
    const library = PatternLibrary.base()
    for (const name of library.names()) {
      const { pattern } = library.compile(`%{${name}}`)
      assert.equal(pattern.engine, 'v8', `${name}: ${pattern.engineReason}`)
    }
  })

  test('every built-in pattern stands after those it refers to, once', () => {
    const library = PatternLibrary.base()
    const ordered = PatternLibrary.empty()
    for (const name of library.names()) {
      assert.equal(ordered.define(name, library.find(name)?.source ?? ''), 'defined')
    }
  })

  test('clones do not see what the other defines', () => {
    const parsers = PatternLibrary.base()
    parsers.define('BOTH', 'x')
    const postoverflows = parsers.clone()
    parsers.define('MINE', 'y')
    postoverflows.define('YOURS', 'z')
    assert.deepEqual(
      ['BOTH', 'MINE', 'YOURS'].map((name) => [parsers.has(name), postoverflows.has(name)]),
      [
        [true, true],
        [true, false],
        [false, true],
      ],
    )
  })
})
