import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readEventNeeds } from './event-needs.ts'

suite('readEventNeeds', () => {
  const cases: Readonly<Record<string, string>> = {
    'evt.Meta.user': '',
    'evt?.Meta["a b"] + evt.GetMeta("x")': '',
    "evt.GetType() == 'log'": '',
    'evt.Parsed.user': 'user',
    "evt.Parsed['a b'] + evt.Enriched.IsoCode": 'a b,IsoCode',
    'evt . Parsed ?. x': 'x',
    'evt.Parsed[evt.Meta.key]': 'whole',
    'keys(evt.Parsed)': 'whole',
    'let e = evt; e.Parsed.x': 'whole',
    'evt.Time.Hour()': 'whole',
    'evt.Unmarshaled.a': 'whole',
    'evt.MetaData': 'whole',
    "evt.SetMeta('a', 'b')": 'whole',
    '$env["evt"].Line.Raw': 'whole',
    'match.name': '',
  }
  for (const [text, expected] of Object.entries(cases)) {
    test(text, () => {
      const { isWhole, parsed, enriched } = readEventNeeds([text])
      assert.equal(isWhole ? 'whole' : [...parsed, ...enriched].join(), expected)
    })
  }
})
