import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { Address, AddressRange, parseRange } from '@tocsin/address'
import type { LogFields } from '@tocsin/telemetry'
import { silentLog } from '@tocsin/telemetry'
import fc from 'fast-check'
import { Geo } from './geo.ts'
import { GeoDatabase, GeoError } from './geo-database.ts'
import { openGeoDatabase } from './open-geo-database.ts'
import { writeMmdb } from './testing/write-mmdb.ts'

const cityBytes = writeMmdb('Test-City', {
  '192.0.2.0/24': {
    country: { iso_code: 'FR', is_in_european_union: true, names: { en: 'France' } },
    location: { latitude: 48.8566, longitude: -2.3522, time_zone: 'Europe/Paris' },
    city: { names: { en: 'Paris' }, geoname_id: 2_988_507 },
    subdivisions: [{ iso_code: 'IDF' }],
  },
  '192.0.2.128/25': { registered_country: { iso_code: 'US' } },
  '198.51.100.0/24': { country: 'not a country', location: { latitude: 'x' }, postal: [1] },
  '203.0.113.0/24': 'not a record',
  '2001:db8::/32': { represented_country: { iso_code: 'DE', is_in_european_union: true } },
})
const asnBytes = writeMmdb('Test-ASN', {
  '192.0.2.0/24': { autonomous_system_number: 64_496, autonomous_system_organization: 'Näme' },
  '2001:db8::/33': { autonomous_system_number: 64_497 },
})
const createGeo = () =>
  new Geo({
    city: new GeoDatabase('city.mmdb', cityBytes),
    asn: new GeoDatabase('asn.mmdb', asnBytes),
  })

suite('Geo', () => {
  const zero = { latitude: '0.000000', longitude: '0.000000' }
  const texts: Record<string, object | undefined> = {
    '192.0.2.1': { isoCode: 'FR', isInEu: 'true', latitude: '48.856600', longitude: '-2.352200' },
    '::ffff:192.0.2.1': {
      ...{ isoCode: 'FR', isInEu: 'true', latitude: '48.856600', longitude: '-2.352200' },
    },
    '192.0.2.200': { isoCode: 'US', isInEu: 'false', ...zero },
    '2001:db8::1': { isoCode: 'DE', isInEu: 'true', ...zero },
    '198.51.100.1': { isoCode: '', isInEu: 'false', ...zero },
    '203.0.113.1': { isoCode: '', isInEu: 'false', ...zero },
    '10.0.0.1': { isoCode: '', isInEu: 'false', ...zero },
    'not an address': undefined,
    '192.0.2.1%eth0': undefined,
  }
  for (const [address, expected] of Object.entries(texts)) {
    test(address, () => assert.deepEqual(createGeo().answer(address)?.cityTexts, expected))
  }

  const ranges: Record<string, string | undefined> = {
    '192.0.2.77': '192.0.2.0/24',
    '2001:db8:7fff::1': '2001:db8::/33',
    '2001:db8:8000::1': undefined,
    '10.0.0.1': undefined,
  }
  for (const [address, range] of Object.entries(ranges)) {
    test(`the range of ${address}`, () => assert.equal(createGeo().range(address), range))
  }

  test('records keep what is of the right type', () => {
    const geo = createGeo()
    const city = geo.city('192.0.2.1')
    assert.equal(city?.city?.names?.en, 'Paris')
    assert.equal(city?.city?.names?.constructor, undefined)
    assert.deepEqual(city?.subdivisions, [{ iso_code: 'IDF' }])
    assert.deepEqual(geo.city('198.51.100.1'), { location: {} })
    assert.deepEqual(geo.asn('192.0.2.1'), {
      autonomous_system_number: 64_496,
      autonomous_system_organization: 'Näme',
    })
  })

  test('the country is where the address is, not where it is registered', () => {
    assert.equal(createGeo().country('192.0.2.1'), 'FR')
    assert.equal(createGeo().country('192.0.2.200'), undefined)
  })

  test('what is not in a database differs from no database', () => {
    const geo = new Geo({ city: new GeoDatabase('city.mmdb', cityBytes) })
    assert.deepEqual(geo.city('10.0.0.1'), {})
    assert.equal(geo.asn('10.0.0.1'), undefined)
    assert.equal(new Geo({}).answer('192.0.2.1')?.cityTexts, undefined)
  })
})

suite('GeoDatabase', () => {
  test('says what it is', () => {
    const database = new GeoDatabase('city.mmdb', cityBytes)
    assert.equal(database.type, 'Test-City')
    assert.equal(new Date(database.builtAtMs).toISOString(), '2026-01-01T00:00:00.000Z')
  })

  const refused: Record<string, Buffer> = {
    'an empty file': Buffer.alloc(0),
    'a text': Buffer.from('<html>not found</html>'.repeat(100)),
    'a file cut at its start': cityBytes.subarray(cityBytes.length - 200),
    'a file cut at its end': cityBytes.subarray(0, cityBytes.length - 100),
  }
  for (const [name, bytes] of Object.entries(refused)) {
    test(`${name} is refused by name`, () => {
      assert.throws(() => new GeoDatabase('data/city.mmdb', bytes), {
        name: 'GeoError',
        code: 'TOC_GEOIP_CORRUPT',
        message: /^data\/city\.mmdb is /,
      })
    })
  }

  test('a damaged file is refused, or answers, or fails as a damaged file', () => {
    const law = fc.property(
      fc.array(fc.tuple(fc.nat(asnBytes.length - 1), fc.nat(255)), { minLength: 1 }),
      fc.integer(),
      (changes, bits) => {
        const bytes = Buffer.from(asnBytes)
        for (const [at, value] of changes) bytes[at] = value
        try {
          const database = new GeoDatabase('asn.mmdb', bytes)
          for (const address of [Address.ofIpv4(bits), Address.ofIpv4(0xc0000201)]) {
            assert.ok(database.find(address).range.contains(address))
          }
        } catch (error) {
          assert.ok(error instanceof GeoError)
        }
      },
    )
    fc.assert(law, { numRuns: 500 })
  })

  test('a lookup that meets damage is counted, logged once and answers nothing', () => {
    const bytes = Buffer.from(asnBytes)
    // The data section, with a map that claims to be endless.
    bytes.fill(0xff, bytes.indexOf('autonomous_system_number') - 2, bytes.indexOf('MaxMind') - 3)
    const warnings: LogFields[] = []
    const log = { ...silentLog, warn: (fields: LogFields) => void warnings.push(fields) }
    const geo = new Geo({ asn: new GeoDatabase('asn.mmdb', bytes), log })
    assert.deepEqual(geo.asn('192.0.2.1'), {})
    assert.equal(geo.range('192.0.2.2'), undefined)
    assert.equal(geo.failureCount, 2)
    assert.equal(warnings.length, 1)
  })

  test('finds the narrowest range, as a list that is searched in full', () => {
    const range = fc
      .tuple(fc.nat(0xffff), fc.integer({ min: 16, max: 32 }))
      .map(([bits, length]) => AddressRange.of(Address.ofIpv4(bits << 16), length).toString())
    const law = fc.property(
      fc.uniqueArray(range, { minLength: 1, maxLength: 10 }),
      fc.integer(),
      (texts, bits) => {
        const rows = Object.fromEntries(texts.map((text) => [text, { text }]))
        const database = new GeoDatabase('test', writeMmdb('test', rows))
        const known = texts.flatMap((text) => parseRange(text) ?? [])
        const address = Address.ofIpv4((bits & 0xffff) | (known[0]?.first.w0 ?? 0))
        const around = known.filter((one) => one.contains(address))
        const best = around.sort((a, b) => b.prefixLength - a.prefixLength)[0]
        assert.equal(database.find(address).record?.text, best?.toString())
      },
    )
    fc.assert(law, { numRuns: 100 })
  })
})

suite('openGeoDatabase', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-geo-'))
  after(() => rmSync(directory, { recursive: true }))

  test('opens a file', () => {
    writeFileSync(join(directory, 'city.mmdb'), cityBytes)
    assert.equal(openGeoDatabase(join(directory, 'city.mmdb'))?.type, 'Test-City')
  })
  test('a file that is not there is no error', () => {
    assert.equal(openGeoDatabase(join(directory, 'none.mmdb')), undefined)
  })
  test('what cannot be read is an error', () => {
    assert.throws(() => openGeoDatabase(directory), { code: 'EISDIR' })
  })
})
