import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Duration, Instant } from '@tocsin/model'
import fc from 'fast-check'
import { sprintf } from './sprintf.ts'

suite('sprintf', () => {
  const cases: readonly (readonly [string, readonly unknown[], string])[] = [
    ['%s %d %v', ['a', 5, true], 'a 5 true'],
    ['%dh', [8], '8h'],
    ['%v %v %v', [1.5, 999999.25, 1e-5], '1.5 999999.25 1e-05'],
    ['%v %v', [1234567.5, 0.0001], '1.2345675e+06 0.0001'],
    ['%v', [1_000_000], '1000000'],
    ['%g %.3g %.3g', [1e6, 123456.5, 1.5e-5], '1e+06 1.23e+05 1.5e-05'],
    ['%e %E', [0.1, 1e300], '1.000000e-01 1.000000E+300'],
    ['%f %.0f %.0f %.0f', [1.5, 0.5, 1.5, 2.5], '1.500000 0 2 2'],
    ['%.2f %.2f %.1f', [8.345, 0.125, 1e21], '8.35 0.12 1000000000000000000000.0'],
    ['[%05d][%-8s][%8s][%05s]', [-42, 'ab', 'ab', 'ab'], '[-0042][ab      ][      ab][000ab]'],
    ['[%+d][% d][%.3d][%6.2f][%-6d]', [5, 5, 7, 3.25159, 42], '[+5][ 5][007][  3.25][42    ]'],
    ['[%06.1f][%x][%X][%#x]', [-2.5, 255, -255, 255], '[-002.5][ff][-FF][0xff]'],
    ['%x %X % x', ['hé', 'hé', 'hé'], '68c3a9 68C3A9 68 c3 a9'],
    ['%q %q %#q', ['a"b\n\u0001é\u00a0', 120, 'a'], '"a\\"b\\n\\x01é\\u00a0" \'x\' `a`'],
    ['%c %U %b %o %O %t', [65, 65, 5, 8, 8, true], 'A U+0041 101 10 0o10 true'],
    ['%T %T %T %T %T', [1, 'a', 1.5, null, true], 'int string float64 <nil> bool'],
    ['%5t|%5v|%*d|%.2s|%5.1s', [true, null, 5, 42, 'héllo', 'héllo'], ' true|<nil>|   42|hé|    h'],
    ['%-*d|', [4, 7], '7   |'],
    ['%v %+v %d', [['a', 1, null], [942100], [1, 2]], '[a 1 <nil>] [942100] [1 2]'],
    ['%v', [{ b: 'y', a: 'x' }], 'map[a:x b:y]'],
    ['%s %d', [new Duration(90e9), new Duration(5)], '1m30s 5'],
    ['%v', [new Instant(0)], '1970-01-01 00:00:00 +0000 UTC'],
    ['%v %+d', [Number.POSITIVE_INFINITY, 0], '+Inf +0'],
    ['%% %5%', [], '% %'],
    ['%d %s', ['x', 5], '%!d(string=x) %!s(int=5)'],
    ['%d %s %t', [1.5, null, 1], '%!d(float64=1.5) %!s(<nil>) %!t(int=1)'],
    ['%s', [['a', 1]], '[a %!s(int=1)]'],
    ['%d', [], '%!d(MISSING)'],
    ['a', [1, 'b'], 'a%!(EXTRA int=1, string=b)'],
    ['a%', [], 'a%!(NOVERB)'],
    ['%z', [3], '%!z(int=3)'],
  ]
  for (const [format, values, text] of cases) {
    test(`${format} of ${values.length}`, () => assert.equal(sprintf(format, values), text))
  }

  test('a huge width or precision does not fill the memory', () => {
    assert.ok(sprintf('%999999999d %.999999999f', [1, 1]).length < 20_000)
  })

  test('text without a percent sign stays as it is, %s is the text', () => {
    const law = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(sprintf(text.replaceAll('%', '%%'), []), text)
      assert.equal(sprintf('%s', [text]), text)
    })
    fc.assert(law)
  })

  test('%v of a fraction reads back as the same number', () => {
    const law = fc.property(
      fc.double({ noNaN: true, noInteger: true, noDefaultInfinity: true }),
      (value) => {
        assert.equal(Number(sprintf('%v', [value])), value)
      },
    )
    fc.assert(law)
  })
})
