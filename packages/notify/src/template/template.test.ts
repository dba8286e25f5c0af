import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { testAlert, testServices } from '../notify.test-support.ts'
import { compileTemplate, compileValueTemplate, templateFunctions } from './template.ts'
import { TemplateError } from './template-error.ts'
import type { Value } from './value.ts'

const alerts = [testAlert(), testAlert('198.51.100.7')]

/**
 * Templates and what Go 1.26 and Sprig 3.3 make of them over the two alerts. Where this engine
 * means something else, there is a test below.
 */
suite('templates give what Go gives', () => {
  const golden = readFileSync(join(import.meta.dirname, 'testdata/templates.golden'), 'utf8')
  for (const section of golden.replace(/\n$/, '').split('\n====\n')) {
    const [text = '', output = ''] = section.split('\n----\n')
    test(text.slice(0, 90).replaceAll('\n', ' '), () => {
      assert.equal(compileTemplate(text, testServices).render(alerts), output)
    })
  }
})

suite('where this engine means something else', () => {
  const differences: Record<string, string> = {
    // An optional field is its value, not a pointer to it.
    '{{if (index . 0).Simulated}}yes{{else}}no{{end}}': 'no',
    '{{eq (index . 0).Scenario "acme/ssh-bf"}}': 'true',
    '{{printf "%s" (index . 0).Scenario}}': 'acme/ssh-bf',
    // A text that is a time is that time, not the present.
    '{{date "15:04:05" (index . 0).StopAt}}': '06:00:05',
    // A whole number is whole, however it came about.
    '{{printf "%d" (mulf 1.5 2)}}': '3',
    '{{duration 95}}': '1m35s',
    // A letter is never cut in half.
    '{{trunc 2 "héé"}}': 'h',
  }
  for (const [text, output] of Object.entries(differences)) {
    test(text, () => assert.equal(compileTemplate(text, testServices).render(alerts), output))
  }
})

suite('what a template takes from outside', () => {
  const rendered: Record<string, string> = {
    '{{Hostname}} {{env "CHAT_ID"}} [{{env "NOPE"}}] {{expandenv "$CHAT_ID ${CHAT_ID}"}}':
      'web01 -100 [] -100 -100',
    '{{now.Format "2006-01-02 15:04"}} {{now | date "15h04"}} {{now.Year}} {{now.Weekday}}':
      '2026-11-03 10:00 10h00 2026 Tuesday',
    '{{dateModify "-1h30m" now | date "15:04"}} {{ago (index . 0).StopAt}}': '08:30 3h59m55s',
    '{{(CrowdsecCTI "192.0.2.9").GetMaliciousnessScore}}': '0',
    '{{(index (index . 0).Decisions 0).Until}}': '2026-11-03T10:00:05Z',
    '{{(index . 0).Source.GetAsNumberName}}': '64496 Example Net',
    '{{(index . 0).GetMeta "target_user"}}': '["root"]',
  }
  for (const [text, output] of Object.entries(rendered)) {
    test(text, () => assert.equal(compileTemplate(text, testServices).render(alerts), output))
  }

  test('a reputation that cannot be asked is an empty one', () => {
    const warnings: string[] = []
    const log = { ...testServices.log, warn: (_: object, text: string) => warnings.push(text) }
    const cti = {
      item: () => {
        throw new Error('no key')
      },
    }
    const template = compileTemplate('{{(CrowdsecCTI "192.0.2.9").Reputation}}', {
      ...testServices,
      log,
      cti,
    })
    assert.equal(template.render(alerts), '')
    assert.equal(warnings.length, 1)
  })

  test('random texts have the length asked for', () => {
    const { render } = compileTemplate(
      '{{randAlphaNum 8}} {{randAlpha 3}} {{randNumeric 4}} {{uuidv4}}',
      testServices,
    )
    assert.match(render([]), /^[a-zA-Z0-9]{8} [a-zA-Z]{3} \d{4} [\da-f-]{36}$/)
  })
})

/** The error of a template, with the piece of text it points at. */
function errorOf(text: string): string {
  try {
    compileTemplate(text, testServices).render(alerts)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const hint = error.hint === undefined ? '' : ` (${error.hint})`
    return `${error.code} «${text.slice(error.start, error.end)}» ${error.message}${hint}`
  }
  return 'no error'
}

suite('errors say where and what', () => {
  const syntax = 'TOC_NOTIFY_TEMPLATE'
  const calls = 'TOC_NOTIFY_TEMPLATE_FUNCTION'
  const render = 'TOC_NOTIFY_RENDER'
  const refused: Record<string, string> = {
    'a {{': `${syntax} «{{» the action has no end (close it with }})`,
    '{{/* a': `${syntax} «{{» the comment has no end`,
    '{{/* a */ 1}}': `${syntax} «{{/* a */» a comment must be the only thing in its action (close it with */}})`,
    '{{"abc}}': `${syntax} «"abc}}» the text has no closing quote`,
    "{{'ab'}}": `${syntax} «'ab'» a character must be one letter, as in 'a'`,
    '{{"\\q"}}': `${syntax} «"\\q» unknown escape \\q`,
    '{{#}}': `${syntax} «#» unexpected "#"`,
    '{{if}}{{end}}': `${syntax} «}}» a value is missing for if`,
    '{{range .}}': `${syntax} «.» the {{range}} has no {{end}}`,
    '{{end}}': `${syntax} «}}» unexpected {{end}}`,
    '{{if 1}}{{else}}{{else}}{{end}}': `${syntax} «else» a second {{else}}`,
    '{{break}}': `${syntax} «break» {{break}} stands outside of {{range}}`,
    '{{"a" | 1}}': `${syntax} «1» only a function can take what comes through |`,
    '{{. | }}': `${syntax} «}}» a command is missing after |`,
    '{{(1}}': `${syntax} «}}» expected ), not }}`,
    '{{1)}}': `${syntax} «)» expected }}, not )`,
    '{{nil}}': `${syntax} «nil» nil is not a command`,
    '{{1 2}}': `${render} «1 2» only a function or a method takes arguments`,
    '{{$alrt := 1}}{{$alert}}': `${syntax} «$alert» there is no variable "$alert" here (did you mean "$alrt"?)`,
    '{{range .}}{{define "x"}}{{end}}{{end}}': `${syntax} «"x"» {{define}} must not stand inside another action`,
    '{{template "nope"}}': `${syntax} «"nope"» there is no template "nope" (write {{define "…"}} … {{end}} for it)`,
    '{{toJsn .}}': `${calls} «toJsn» there is no function "toJsn" (did you mean "toJson"?)`,
    '{{upper}}': `${calls} «upper» "upper" takes 1 argument, not 0`,
    '{{trunc 1 2 3}}': `${calls} «trunc 1 2 3» "trunc" takes 2 arguments, not 3`,
    '{{.Scenario}}': `${render} «.Scenario» a list has no field "Scenario"`,
    '{{range .}}{{.Sourc.IP}}{{end}}': `${render} «.Sourc.IP» Alert has no field "Sourc" (did you mean ".Source"?)`,
    '{{range .}}{{.GetScope 1}}{{end}}': `${render} «.GetScope» .GetScope takes 0 arguments, not 1`,
    '{{index . 9}}': `${render} «index . 9» index: there is no element 9, there are 2`,
    '{{lt 1 "a"}}': `${render} «lt 1 "a"» lt: 1 and the text "a" have no order`,
    '{{eq 1 "1"}}': `${render} «eq 1 "1"» eq: 1 and the text "1" cannot be compared`,
    '{{fail "stop"}}': `${render} «fail "stop"» fail: stop`,
    '{{div 1 0}}': `${render} «div 1 0» div: division by zero`,
    '{{range "abc"}}{{end}}': `${render} «"abc"» range cannot go over the text "abc"`,
    '{{regexMatch "(" "a"}}': `${render} «regexMatch "(" "a"» regexMatch: error parsing regexp: missing closing ): \`(\``,
  }
  for (const [text, message] of Object.entries(refused)) {
    test(text, () => assert.equal(errorOf(text), message))
  }
})

suite('a template cannot run away', () => {
  const bombs: Record<string, RegExp> = {
    '{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}': /call each other without end/,
    '{{range 1000000000}}{{end}}': /more than 1000000 steps/,
    '{{until 1000000000}}': /more than 100000 numbers/,
    '{{repeat 1000000000 "ab"}}': /too long/,
    '{{range 10000}}{{repeat 1000 "a"}}{{end}}': /longer than/,
    '{{if lt (printf "%999999999d" 1 | len) 20000}}{{fail "narrow"}}{{end}}': /fail: narrow/,
  }
  for (const [text, message] of Object.entries(bombs)) {
    test(text, () => assert.match(errorOf(text), message))
  }

  test('nesting ends in an error', () => {
    assert.match(errorOf('{{if 1}}'.repeat(5000)), /nested deeper/)
    assert.match(errorOf(`{{${'('.repeat(5000)}1${')'.repeat(5000)}}}`), /nested deeper/)
    assert.match(errorOf(`{{if 1}}${'{{else if 1}}'.repeat(5000)}{{end}}`), /nested deeper/)
    assert.match(errorOf('{{define "a"}}'.repeat(5000)), /must not stand inside/)
  })
})

test('any text is read or refused with a place inside of it', () => {
  const piece = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{{-',
      '-}}',
      ' ',
      '.',
      '$',
      '$x',
      ':=',
      '|',
      '(',
      ')',
      '"',
      '`',
      "'",
      '/*',
      '*/',
    ],
    ...[
      'if',
      'range',
      'with',
      'end',
      'else',
      'define',
      'template',
      'block',
      'break',
      '1',
      '"a"',
      ',',
    ],
    ...['.Source.IP', 'len', 'index', 'printf', 'é', '\n', '\\', '\0', '-3', '0x'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('')
      try {
        compileTemplate(text, testServices).render(alerts)
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        return 0 <= error.start && error.start <= error.end && error.end <= text.length
      }
      return true
    }),
    { numRuns: 2000 },
  )
})

test('no function answers nonsense with anything but its own error', () => {
  const names = [...templateFunctions(testServices).keys()]
  const values: readonly Value[] = [
    ...[
      undefined,
      null,
      true,
      0,
      -1,
      1.5,
      2 ** 60,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '',
      'a',
      '(',
    ],
    ...['\0', '-5', '{"a":1}', '\ud800', [], ['a', null], new Map([['__proto__', 1]])],
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.constantFrom(...values), { maxLength: 4 }),
      (name, given) => {
        const operands = given.map((_, i) => `(index . ${i})`).join(' ')
        try {
          compileValueTemplate(`{{${name} ${operands}}}`, testServices)(given)
        } catch (error) {
          return error instanceof TemplateError && error.message !== ''
        }
        return true
      },
    ),
    { numRuns: 3000 },
  )
})

test('text without actions stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes('{{'))
      return compileTemplate(text, testServices).render([]) === text
    }),
  )
})

test('toJson is read back as it was', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const render = compileValueTemplate('{{fromJson . | toJson}}', testServices)
      const same = JSON.parse(JSON.stringify(JSON.parse(json)), (_, value) =>
        Object.is(value, -0) ? 0 : value,
      )
      assert.deepEqual(JSON.parse(render(json)), same)
    }),
  )
})
