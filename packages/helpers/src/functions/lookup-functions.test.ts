import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { EvaluationError } from '@tocsin/expr'
import { Duration } from '@tocsin/model'
import type { DataFiles, DecisionCounts } from '../dependencies.ts'
import { emptyCtiItem } from '../types/cti-type.ts'
import { emptyRequest } from '../types/request-type.ts'
import { createCaller, createListLog, dictOf } from './caller.test-support.ts'

const files: DataFiles = {
  lines: (name) => (name === 'ips.txt' ? ['192.0.2.1'] : undefined),
  matchesPattern: (text, name) => (name === 'bad.txt' ? text === 'bad' : undefined),
  rows: (name) => (name === 'map.json' ? [{ pattern: 'x', tag: 'y' }] : undefined),
  lookup: (text, name) => (name === 'map.json' ? (text === 'x' ? 'y' : '') : undefined),
  matchBot: (address, _agent, _path, names) => address === '192.0.2.1' && names.includes('bots'),
}

suite('data files and stashes', () => {
  const written: unknown[] = []
  const call = createCaller({
    dataFiles: files,
    stashes: {
      get: (cache, key) => (cache === 'users' ? (key === 'k' ? 'v' : '') : undefined),
      set: (...args) => written.push(args) > 0 && args[0] === 'users',
    },
  })
  const cases: readonly (readonly [string, readonly unknown[], unknown])[] = [
    ['File', ['ips.txt'], ['192.0.2.1']],
    ['File', ['nope'], []],
    ['RegexpInFile', ['bad', 'bad.txt'], true],
    ['RegexpInFile', ['good', 'bad.txt'], false],
    ['RegexpInFile', ['bad', 'nope'], false],
    ['FileMap', ['map.json'], [{ pattern: 'x', tag: 'y' }]],
    ['FileMap', ['nope'], []],
    ['LookupFile', ['x', 'map.json'], 'y'],
    ['LookupFile', ['x', 'nope'], ''],
    ['MatchKnownBot', ['192.0.2.1', 'ua', '/', 'other', 'bots'], true],
    ['MatchKnownBot', ['192.0.2.1', 'ua', '/'], false],
    ['GetFromStash', ['users', 'k'], 'v'],
    ['GetFromStash', ['users', 'x'], ''],
    ['GetFromStash', ['nope', 'k'], ''],
  ]
  for (const [name, args, result] of cases) {
    test(`${name}(${JSON.stringify(args).slice(1, -1)})`, () => {
      assert.deepEqual(call(name, ...args), result)
    })
  }

  test('SetInStash takes a duration, nil or nothing as lifetime', () => {
    call('SetInStash', 'users', 'k', 'v', new Duration(5e9))
    call('SetInStash', 'users', 'k', 'v', undefined)
    call('SetInStash', 'users', 'k', 'v')
    assert.deepEqual(written, [
      ['users', 'k', 'v', 5e9],
      ['users', 'k', 'v', undefined],
      ['users', 'k', 'v', undefined],
    ])
    assert.throws(() => call('SetInStash', 'users', 'k', 'v', '5s'), EvaluationError)
  })

  test('what is missing is logged', () => {
    const { log, records } = createListLog()
    const bare = createCaller({ log })
    assert.deepEqual(bare('File', 'x'), [])
    assert.equal(bare('GetFromStash', 'c', 'k'), '')
    assert.equal(bare('MatchKnownBot', '192.0.2.1', '', '', 'bots'), false)
    assert.deepEqual(records, [
      'error: an expression asked for a data file that is not loaded',
      'warn: an expression asked for an unknown stash',
    ])
  })
})

suite('decisions', () => {
  const counts: DecisionCounts = {
    count: () => 3,
    countSince: (_value, sinceMs) => sinceMs,
    countActive: (value) => {
      if (value === 'x') throw new Error('not an address')
      return 2
    },
    activeUntilMs: (value) => (value === '192.0.2.1' ? 90_000 : undefined),
  }
  const call = createCaller({ decisions: counts, clock: { nowMs: () => 60_000 } })

  test('are counted', () => {
    assert.equal(call('GetDecisionsCount', '192.0.2.1'), 3)
    assert.equal(call('GetDecisionsSinceCount', '192.0.2.1', '10s'), 50_000)
    assert.equal(call('GetDecisionsSinceCount', '192.0.2.1', '1d'), 60_000 - 86_400_000)
    assert.equal(call('GetDecisionsSinceCount', '192.0.2.1', 'soon'), 0)
    assert.equal(call('GetActiveDecisionsCount', '192.0.2.1'), 2)
    assert.deepEqual(call('GetActiveDecisionsTimeLeft', '192.0.2.1'), new Duration(30e9))
    assert.deepEqual(call('GetActiveDecisionsTimeLeft', '192.0.2.2'), new Duration(0))
    assert.throws(() => call('GetActiveDecisionsCount', 'x'), EvaluationError)
  })

  test('are none, and an error is logged, without a store', () => {
    const { log, records } = createListLog()
    const bare = createCaller({ log })
    assert.equal(bare('GetDecisionsCount', 'x'), 0)
    assert.equal(bare('GetDecisionsSinceCount', 'x', '1h'), 0)
    assert.equal(bare('GetActiveDecisionsCount', 'x'), 0)
    assert.deepEqual(bare('GetActiveDecisionsTimeLeft', 'x'), new Duration(0))
    assert.equal(records.length, 4)
  })
})

suite('places, names and services', () => {
  const call = createCaller({
    geo: {
      city: (ip) => (ip === '192.0.2.1' ? { country: { iso_code: 'FR' } } : {}),
      asn: () => ({ autonomous_system_number: 64496 }),
      range: (ip) => (ip === '192.0.2.1' ? '192.0.2.0/24' : undefined),
    },
    dns: { lookupHost: () => ['192.0.2.1'] },
    cti: { item: (ip) => ({ ...emptyCtiItem, ip }) },
    http: {
      request: (method, url, headers, body) => {
        if (url === 'down') throw new Error('refused')
        return { statusCode: 200, body: [method, url, body].join(' '), headers: sent(headers) }
      },
    },
  })
  const sent = (headers: Readonly<Record<string, string | undefined>>) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? '']]))

  test('records are complete, so that rules read what is absent as empty', () => {
    const record = call('GeoIPEnrich', '192.0.2.1') as Record<string, Record<string, unknown>>
    assert.equal(record.country?.iso_code, 'FR')
    assert.equal(record.location?.latitude, 0)
    assert.deepEqual(record.subdivisions, [])
    assert.deepEqual(call('GeoIPASNEnrich', '192.0.2.1'), {
      autonomous_system_number: 64496,
      autonomous_system_organization: '',
    })
    assert.equal(call('GeoIPRangeEnrich', '192.0.2.1'), '192.0.2.0/24')
    assert.equal(call('GeoIPRangeEnrich', '192.0.2.2'), undefined)
    assert.equal(call('IPToCountry', '192.0.2.1'), 'FR')
    assert.equal(call('IPToCountry', '192.0.2.2'), '')
    assert.equal(call('IPToCountry', 'x'), '')
    assert.deepEqual(call('LookupHost', 'a.example'), ['192.0.2.1'])
    for (const name of ['GeoIPEnrich', 'GeoIPASNEnrich', 'GeoIPRangeEnrich']) {
      assert.throws(() => call(name, 'x'), EvaluationError)
    }
  })

  test('services are asked, and their failures are those of the expression', () => {
    assert.deepEqual(call('HTTPPost', 'u', 'text/plain', 'b'), {
      statusCode: 200,
      body: 'POST u b',
      headers: { 'Content-Type': ['text/plain'] },
    })
    assert.equal((call('HTTPGet', 'u') as { body: string }).body, 'GET u ')
    assert.equal((call('HTTPHead', 'u') as { body: string }).body, 'HEAD u ')
    assert.deepEqual(call('HTTPRequest', 'PUT', 'u', dictOf({ A: '1' }), ''), {
      statusCode: 200,
      body: 'PUT u ',
      headers: { A: ['1'] },
    })
    assert.throws(() => call('HTTPGet', 'down'), { message: 'HTTPGet failed: refused' })
    assert.equal((call('CrowdsecCTI', '192.0.2.1') as { ip: string }).ip, '192.0.2.1')
  })

  test('without them there is nothing, or an error that says so', () => {
    const bare = createCaller()
    assert.equal(bare('GeoIPEnrich', '192.0.2.1'), undefined)
    assert.equal(bare('GeoIPASNEnrich', '192.0.2.1'), undefined)
    assert.equal(bare('GeoIPRangeEnrich', '192.0.2.1'), undefined)
    assert.equal(bare('IPToCountry', '192.0.2.1'), '')
    assert.deepEqual(bare('LookupHost', 'a.example'), [])
    assert.equal(bare('Hostname'), '')
    for (const name of ['HTTPGet', 'CrowdsecCTI', 'LibInjectionIsSQLI', 'LibInjectionIsXSS']) {
      assert.throws(() => bare(name, 'x'), {
        name: 'EvaluationError',
        message: `${name} is not available in this role`,
      })
    }
  })
})

suite('JA4H', () => {
  const call = createCaller()
  const request = {
    ...emptyRequest,
    method: 'GET',
    protocolMajor: 1,
    protocolMinor: 1,
    headers: {
      'User-Agent': ['curl'],
      'Accept-Language': ['en-US;q=0.9, fr'],
      Cookie: ['b=2; a=1'],
      Referer: ['https://a.example/'],
    },
  }
  const cases: readonly (readonly [object, string])[] = [
    [request, 'ge11cr02enus_4ef7697db549_1eb7c54d5283_06beefe2b477'],
    [{ ...request, headers: {} }, 'ge11nn000000_e3b0c44298fc_000000000000_000000000000'],
    [emptyRequest, ''],
  ]
  for (const [value, fingerprint] of cases) {
    test(fingerprint, () => assert.equal(call('JA4H', value), fingerprint))
  }
})
