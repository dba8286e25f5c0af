import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { compileExpression } from './compile-expression.ts'
import { compiled, problemsOf } from './evaluate.test-support.ts'
import { eventEnvironment } from './event-environment.test-support.ts'
import { boolType, stringType } from './types.ts'

const lines = (...text: string[]) => text.join('\n')

suite('what users see', () => {
  const shown: Record<string, string> = {
    'evt.Parsd.x': lines(
      'rule.yaml:1:5: Event has no member Parsd [TOC_EXPR_MEMBER]',
      '  1 | evt.Parsd.x',
      '    |     ^^^^^',
      '  hint: did you mean Parsed?',
    ),
    "ev.Parsed.x == 'a'": lines(
      'rule.yaml:1:1: there is no variable ev [TOC_EXPR_NAME]',
      "  1 | ev.Parsed.x == 'a'",
      '    | ^^',
      '  hint: did you mean evt?',
    ),
    "lover(evt.Parsed.x) == 'a'": lines(
      'rule.yaml:1:1: there is no function lover [TOC_EXPR_FUNCTION]',
      "  1 | lover(evt.Parsed.x) == 'a'",
      '    | ^^^^^',
      '  hint: did you mean Lower?',
    ),
    'evt.Parsed.status == 404': lines(
      'rule.yaml:1:1: cannot compare string and int [TOC_EXPR_OPERAND]',
      '  1 | evt.Parsed.status == 404',
      '    | ^^^^^^^^^^^^^^^^^^^^^^^^',
      '  hint: text and numbers do not mix: convert with int(…), float(…) or string(…), or quote the number',
    ),
    "not evt.Meta.a in ['x']": lines(
      'rule.yaml:1:5: not takes a bool, not string [TOC_EXPR_CONDITION]',
      "  1 | not evt.Meta.a in ['x']",
      '    |     ^^^^^^^^^^',
      '  hint: not binds tighter than in, contains, ==: write a not in b, or not (a == b)',
    ),
    "evt.Meta.a ?? '' != ''": lines(
      'rule.yaml:1:18: ?? and != cannot be mixed [TOC_EXPR_COALESCE]',
      "  1 | evt.Meta.a ?? '' != ''",
      '    |                  ^^',
      '  hint: put parentheses around one of them: (a ?? b) != c',
    ),
    "evt.Meta.a matches '^(a'": lines(
      'rule.yaml:1:20: invalid pattern: group is not closed by ) [TOC_EXPR_PATTERN]',
      "  1 | evt.Meta.a matches '^(a'",
      '    |                    ^^^^^',
    ),
    "evt.Meta.a == 'x' &&\n  Lower() == evt.Time": lines(
      'rule.yaml:2:3: Lower takes 1 argument, not 0 [TOC_EXPR_ARGUMENT_COUNT]',
      '  2 |   Lower() == evt.Time',
      '    |   ^^^^^^^',
    ),
    'evt.x + evt.y': lines(
      'rule.yaml:1:5: Event has no member x [TOC_EXPR_MEMBER]',
      '  1 | evt.x + evt.y',
      '    |     ^',
      'rule.yaml:1:13: Event has no member y [TOC_EXPR_MEMBER]',
      '  1 | evt.x + evt.y',
      '    |             ^',
    ),
  }
  for (const [text, wanted] of Object.entries(shown)) {
    test(text, () => assert.equal(problemsOf(text), wanted))
  }
})

suite('mistakes found at load', () => {
  const codes: Record<string, string> = {
    'evt.Parsed.x > 3': 'TOC_EXPR_OPERAND',
    'evt.Parsed.x + 1': 'TOC_EXPR_OPERAND',
    'evt.Parsed.x - "a"': 'TOC_EXPR_OPERAND',
    'evt.Time + evt.Time': 'TOC_EXPR_OPERAND',
    'evt.Time < 5': 'TOC_EXPR_OPERAND',
    'true < false': 'TOC_EXPR_OPERAND',
    'nil < 1': 'TOC_EXPR_OPERAND',
    '1.5 % 2': 'TOC_EXPR_OPERAND',
    "1 contains 'a'": 'TOC_EXPR_OPERAND',
    'evt.Meta.a contains 1': 'TOC_EXPR_OPERAND',
    '-evt.Meta.a': 'TOC_EXPR_OPERAND',
    "1..'a'": 'TOC_EXPR_OPERAND',
    'evt.Parsed.a && true': 'TOC_EXPR_CONDITION',
    '!evt.Parsed.a': 'TOC_EXPR_CONDITION',
    '1 ? 2 : 3': 'TOC_EXPR_CONDITION',
    'nil || true': 'TOC_EXPR_CONDITION',
    "1 in ['a']": 'TOC_EXPR_IN',
    'evt.Meta.a in [1, 2]': 'TOC_EXPR_IN',
    '1 in evt.Meta': 'TOC_EXPR_IN',
    "'a' in evt.Meta.a": 'TOC_EXPR_IN',
    '1 in evt': 'TOC_EXPR_IN',
    'evt.Meta.a[0]': 'TOC_EXPR_INDEX',
    'evt.Meta.a.b': 'TOC_EXPR_INDEX',
    'evt[evt.Stage]': 'TOC_EXPR_INDEX',
    "queue.Queue['a']": 'TOC_EXPR_INDEX',
    'evt.Meta[1]': 'TOC_EXPR_INDEX',
    'evt.Type[1:]': 'TOC_EXPR_INDEX',
    "'a'['b':]": 'TOC_EXPR_INDEX',
    '{(1): 2}': 'TOC_EXPR_INDEX',
    'nil.a': 'TOC_EXPR_MEMBER',
    'evt.Type.a': 'TOC_EXPR_MEMBER',
    'evt.Time.Hours()': 'TOC_EXPR_MEMBER',
    'evt.GetMeta': 'TOC_EXPR_METHOD',
    'evt.Stage()': 'TOC_EXPR_METHOD',
    'evt.GetMeta()': 'TOC_EXPR_ARGUMENT_COUNT',
    "Lower('a', 'b')": 'TOC_EXPR_ARGUMENT_COUNT',
    'len()': 'TOC_EXPR_ARGUMENT_COUNT',
    'any([1])': 'TOC_EXPR_ARGUMENT_COUNT',
    'Lower(1)': 'TOC_EXPR_ARGUMENT',
    'Lower(nil)': 'TOC_EXPR_ARGUMENT',
    'Half("1")': 'TOC_EXPR_ARGUMENT',
    'Join([1], "")': 'TOC_EXPR_ARGUMENT',
    'Describe(queue)': 'TOC_EXPR_ARGUMENT',
    'len(1)': 'TOC_EXPR_ARGUMENT',
    'int(true)': 'TOC_EXPR_ARGUMENT',
    'int(nil)': 'TOC_EXPR_ARGUMENT',
    'sortBy([1], #, 2)': 'TOC_EXPR_ARGUMENT',
    "any('abc', {true})": 'TOC_EXPR_LIST',
    'any(evt.Meta, {true})': 'TOC_EXPR_LIST',
    'any(nil, {true})': 'TOC_EXPR_LIST',
    'any([1], {#})': 'TOC_EXPR_PREDICATE',
    "sum([1], {'a'})": 'TOC_EXPR_PREDICATE',
    'any([1], {#acc == 1})': 'TOC_EXPR_POINTER',
    Lower: 'TOC_EXPR_NAME',
    'nothing(1)': 'TOC_EXPR_FUNCTION',
    '::Lower("a")': 'TOC_EXPR_FUNCTION',
    'evt("a")': 'TOC_EXPR_CALL',
    'let evt = 1; evt': 'TOC_EXPR_REDECLARED',
    'let len = 1; len': 'TOC_EXPR_REDECLARED',
    'let Lower = 1; 2': 'TOC_EXPR_REDECLARED',
    'let any = 1; 2': 'TOC_EXPR_REDECLARED',
    'let a = 1; let a = 2; a': 'TOC_EXPR_REDECLARED',
    "'a' matches '[b-a]'": 'TOC_EXPR_PATTERN',
    "'a' matches '(?=b)'": 'TOC_EXPR_PATTERN',
  }
  for (const [text, code] of Object.entries(codes)) {
    test(`${text} is ${code}`, () => {
      const problems = new Problems()
      const source = new SourceText('rule.yaml', text)
      assert.equal(compileExpression(source, eventEnvironment, problems), undefined)
      assert.deepEqual([...new Set(problems.list.map((problem) => problem.code))], [code])
    })
  }
})

suite('the wanted type', () => {
  test('another one is refused', () => {
    const expected = boolType
    assert.match(problemsOf("evt.Meta.a + 'b'", { expected }), /gives string, but bool is needed/)
  })
  test('an unknown one is let through', () => {
    assert.equal(compiled('evt.Unmarshaled.a', { expected: stringType }).type.kind, 'unknown')
  })
})

suite('places', () => {
  const text = 'name: x\nfilter: "evt.Metta.a == \\"b\\""\n'
  const source = new SourceText('rule.yaml', text)
  const inner = 'evt.Metta.a == "b"'
  const span = source.span(text.indexOf('"evt'), text.length - 1)
  const locate = (start: number, end: number) =>
    source.span(span.start + 1 + start, span.start + 1 + end)
  const wanted = lines(
    'rule.yaml:2:14: Event has no member Metta [TOC_EXPR_MEMBER]',
    '  2 | filter: "evt.Metta.a == \\"b\\""',
    '    |              ^^^^^',
    '  hint: did you mean Meta?',
  )
  test('options lead from the text to the file', () => {
    const problems = new Problems()
    compileExpression(span, eventEnvironment, problems, { text: inner, locate })
    assert.equal(problems.list.map(formatProblem).join('\n'), wanted)
  })
  test('so does a text with its own way', () => {
    const problems = new Problems()
    compileExpression({ text: inner, span, locate }, eventEnvironment, problems)
    assert.equal(problems.list.map(formatProblem).join('\n'), wanted)
  })
  test('a plain span is its own text', () => {
    const problems = new Problems()
    const place = source.span(text.indexOf('evt'), text.indexOf(' =='))
    compileExpression(place, eventEnvironment, problems)
    assert.equal(problems.list.map(formatProblem).join('\n'), wanted)
  })
  test('without a way back the whole value is the place', () => {
    const problems = new Problems()
    compileExpression(span, eventEnvironment, problems, { text: inner })
    assert.deepEqual(problems.list[0]?.span, span)
  })
})

suite('lints', () => {
  test('?? behind what is never nil', () => {
    assert.match(
      problemsOf("evt.Parsed.a ?? 'b'", { lints: true }),
      /warning: .*TOC_EXPR_NEVER_NIL/,
    )
  })
  test('are not given unasked', () => assert.equal(problemsOf("evt.Parsed.a ?? 'b'"), ''))
})
