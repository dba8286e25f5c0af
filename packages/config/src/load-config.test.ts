import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import type { Config } from './config.ts'
import { loadConfig } from './load-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'))
after(() => rmSync(folder, { recursive: true }))

function load(
  text: string | undefined,
  overlay?: string,
  variables = {},
): [Config | undefined, string] {
  const path = join(folder, 'config.yaml')
  if (text !== undefined) writeFileSync(path, text)
  rmSync(`${path}.local`, { force: true })
  if (overlay !== undefined) writeFileSync(`${path}.local`, overlay)
  const problems = new Problems()
  const origin = { variables, stateDirectory: '/state', workingDirectory: '/work-here' }
  const config = loadConfig(text === undefined ? undefined : path, origin, problems)
  return [config, problems.list.map(formatProblem).join('\n').replaceAll(`${folder}/`, '')]
}

const server = 'api:\n  server:\n    listen_uri: 127.0.0.1:8080\n'

suite('loadConfig', () => {
  test('without a file everything has its place', () => {
    const [config, shown] = load(undefined)
    assert.equal(shown, '')
    assert.equal(config?.database.path, '/state/tocsin.db')
    assert.equal(config?.server?.listenUri, '127.0.0.1:8080')
    assert.equal(config?.client?.credentialsPath, '/state/local_api_credentials.yaml')
    assert.equal(config?.database.flush.maxItems, 5000)
    assert.ok(config?.agent)
  })

  test('a section that is absent switches its part off', () => {
    const [config, shown] = load('common: {}\n')
    assert.equal(shown, '')
    assert.deepEqual(
      [config?.server, config?.agent, config?.client],
      [undefined, undefined, undefined],
    )
  })

  test('a full file', () => {
    const [config, shown] = load(`
common: { log_media: file, log_level: warn, log_dir: /var/log/ }
config_paths: { config_dir: /etc/t, data_dir: /var/lib/t }
crowdsec_service: { acquisition_path: acquis.yaml, dns_cache: { ttl: 2h } }
db_config:
  type: pgx
  host: db
  port: 5432
  user: tocsin
  password: secret
  db_name: tocsin
  flush:
    max_items: 10
    max_age: 2d12h
    bouncers_autodelete: { api_key: 30d, cert: 1h }
api:
  client: { credentials_path: /etc/t/creds.yaml, insecure_skip_verify: true }
  server:
    listen_uri: 0.0.0.0:8080
    listen_socket: /run/t.sock
    trusted_proxies: [ 10.0.0.0/8 ]
    tls: { cert_file: a.pem, key_file: b.pem, agents_allowed_ou: [ agents, agents ] }
    auto_registration:
      enabled: true
      token: 0123456789abcdef0123456789abcdef
      allowed_ranges: [ 10.0.0.0/8 ]
prometheus: { enabled: true, level: aggregated }
`)
    assert.equal(shown, '')
    assert.equal(config?.common.logLevel, 'warning')
    assert.equal(config?.agent?.acquisitionPath, '/work-here/acquis.yaml')
    assert.equal(config?.agent?.dnsCache.ttlMs, 7_200_000)
    assert.equal(config?.database.type, 'postgresql')
    assert.equal(config?.database.flush.maxAgeMs, 216_000_000)
    assert.deepEqual(config?.database.flush.bouncersMaxSilenceMs, {
      apiKey: 2_592_000_000,
      tls: 3_600_000,
    })
    assert.deepEqual(config?.server?.tls?.agentUnits, ['agents'])
    assert.equal(config?.server?.tls?.verification, 'VerifyClientCertIfGiven')
    assert.equal(config?.server?.autoRegistration?.token.length, 32)
    assert.equal(config?.prometheus.level, 'aggregated')
    assert.equal(config?.paths.hubDir, '/etc/t/hub')
  })

  test('the overlay merges maps, replaces lists, and clears with null', () => {
    const [config, shown] = load(
      `${server}    trusted_ips: [ 10.0.0.1 ]\n    listen_socket: /run/a.sock\n`,
      'api:\n  server:\n    trusted_ips: [ 10.0.0.2 ]\n    listen_socket: ~\n',
    )
    assert.equal(shown, '')
    assert.deepEqual(config?.server?.trustedIps, ['10.0.0.2'])
    assert.equal(config?.server?.listenSocket, undefined)
    assert.equal(config?.server?.listenUri, '127.0.0.1:8080')
  })

  test('variables fill values, never structure', () => {
    const text = `db_config:\n  type: pgx\n  db_name: \${NAME}\n  port: $PORT\n  user: $UNSET\n  password: \${EVIL}\n`
    const evil = "x\napi: { server: { listen_uri: '0.0.0.0:1' } }"
    const [config, shown] = load(text, undefined, { NAME: 'one', PORT: '5433', EVIL: evil })
    assert.equal(shown, '')
    const { name, port, user, password } = config?.database ?? {}
    assert.deepEqual([name, port, user, password], ['one', 5433, '$UNSET', evil])
    assert.equal(config?.server, undefined)
  })
})

suite('refused configurations', () => {
  const refused: Record<string, [text: string, shown: RegExp]> = {
    'an unknown key': [
      'api:\n  server:\n    listen_url: 127.0.0.1:8080\n    listen_uri: 127.0.0.1:8080\n',
      /^config\.yaml:3:5: unknown api\.server key "listen_url" .*\n.*\n.*\n {2}hint: did you mean "listen_uri"\?$/,
    ],
    'an unknown section': [
      'comon: {}\n',
      /^config\.yaml:1:1: unknown configuration key "comon"[\s\S]*"common"/,
    ],
    'no listener': [
      'api: { server: { enable: true } }\n',
      /no listen_uri or listen_socket specified/,
    ],
    'a database nobody knows': ['db_config: { type: oracle }\n', /unknown database type 'oracle'/],
    'max_items below one': [
      'db_config: { flush: { max_items: 0 } }\n',
      /max_items can't be zero or negative/,
    ],
    'a duration': [
      'db_config: { flush: { max_age: soon } }\n',
      /must be a duration such as 30m or 7d, not "soon"/,
    ],
    'certificate without key': [`${server}    tls: { cert_file: a.pem }\n`, /missing TLS key file/],
    'key without certificate': [`${server}    tls: { key_file: a.pem }\n`, /missing TLS cert file/],
    'an empty unit': [
      `${server}    tls: { cert_file: a, key_file: b, agents_allowed_ou: [ "" ] }\n`,
      /allowed_ou configuration contains invalid empty string/,
    ],
    'headers believed from everybody': [
      `${server}    use_forwarded_for_headers: true\n`,
      /needs trusted_proxies/,
    ],
    'a short token': [
      `${server}    auto_registration: { enabled: true, token: abc, allowed_ranges: [ 10.0.0.0/8 ] }\n`,
      /token of at least 32 characters/,
    ],
    'a verification nobody knows': [
      `${server}    tls: { cert_file: a, key_file: b, client_verification: Maybe }\n`,
      /must be one of NoClientCert/,
    ],
    'an empty cti key': ['api: { cti: { key: "" } }\n', /empty cti key/],
    'a list for a file': ['- a\n', /config\.yaml:1:1: the file must hold a map, not a list/],
  }
  for (const [name, [text, expected]] of Object.entries(refused)) {
    test(name, () => assert.match(load(text)[1], expected))
  }

  test('an overlay of another kind, with its own place', () => {
    const [, shown] = load('common: { log_level: info }\n', 'common:\n  - a\n')
    assert.match(shown, /^config\.yaml\.local:2:3: can't merge a sequence into a mapping/)
  })

  test('no file', () => {
    const problems = new Problems()
    const origin = { variables: {}, stateDirectory: '/state', workingDirectory: folder }
    assert.equal(loadConfig('missing.yaml', origin, problems), undefined)
    assert.match(
      problems.list.map(formatProblem).join(),
      /missing\.yaml: cannot read the file: there is no such/,
    )
  })
})
