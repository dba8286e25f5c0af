import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { readLocalCredentials, readOnlineCredentials } from './credentials.ts'
import { readConsole, readFeatureFlags, readSimulation } from './side-files.ts'
import { defaultStateDirectory } from './state-directory.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'))
after(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

suite('readLocalCredentials', () => {
  const origin = { variables: { PASSWORD: 'p' }, workingDirectory: folder }
  const read = (text: string) => {
    const problems = new Problems()
    const credentials = readLocalCredentials(write('local.yaml', text), origin, problems)
    return { credentials, shown: problems.list.map(formatProblem).join('\n') }
  }

  test('an address gets its slash, variables their values', () => {
    const { credentials, shown } = read(
      'url: http://127.0.0.1:8080\nlogin: me\npassword: $PASSWORD\n',
    )
    assert.equal(shown, '')
    assert.equal(credentials?.url, 'http://127.0.0.1:8080/')
    assert.equal(credentials?.password, 'p')
  })

  test('a socket stays a path', () => {
    assert.equal(
      read('url: /run/tocsin.sock\nlogin: me\npassword: x\n').credentials?.url,
      '/run/tocsin.sock',
    )
  })

  const refused: Record<string, RegExp> = {
    'login: me\n': /no credentials or URL found in api client configuration/,
    'url: /run/a.sock\ncert_path: a\n': /cannot use TLS with a unix socket/,
    'url: http://a\ncert_path: a\nkey_path: b\nlogin: me\n': /mutually exclusive/,
    'url: ftp://a\n': /must begin with http/,
    'url: http://a\nlogn: me\n': /did you mean "login"/,
  }
  for (const [text, expected] of Object.entries(refused)) {
    test(JSON.stringify(text), () => {
      const { credentials, shown } = read(text)
      assert.equal(credentials, undefined)
      assert.match(shown, expected)
    })
  }
})

suite('side files', () => {
  test('online credentials without a login are a warning', () => {
    const problems = new Problems()
    const path = write('online.yaml', 'url: https://a/\npassword: x\n')
    assert.equal(readOnlineCredentials(path, problems), undefined)
    assert.equal(problems.errorCount, 0)
    assert.match(problems.list[0]?.message ?? '', /missing login field/)
  })

  test('simulation', () => {
    const path = write('simulation.yaml', 'simulation: true\nexclusions: [ a/b ]\n')
    const simulation = readSimulation(path, new Problems())
    assert.deepEqual([simulation.isSimulated, [...simulation.exclusions]], [true, ['a/b']])
    assert.equal(readSimulation(join(folder, 'none.yaml'), new Problems()).isSimulated, false)
  })

  test('console defaults', () => {
    const path = write('console.yaml', 'share_context: true\n')
    assert.deepEqual(readConsole(path, new Problems()), {
      sharesCustom: true,
      sharesTainted: true,
      sharesManual: false,
      sharesContext: true,
      isManaged: false,
    })
  })

  test('feature flags of file and environment', () => {
    const problems = new Problems()
    const path = write('feature.yaml', '- papi_client\n- nonsense\n- pprof_block_profile\n')
    const variables = { CROWDSEC_FEATURE_PAPI_CLIENT: 'false' }
    assert.deepEqual([...readFeatureFlags(path, variables, problems)], ['pprof_block_profile'])
    assert.match(problems.list[0]?.message ?? '', /unknown feature flag "nonsense"/)
  })
})

suite('defaultStateDirectory', () => {
  const rows: [string, boolean, string | undefined][] = [
    ['/var/lib/tocsin', true, '/x'],
    ['/x/tocsin', false, '/x'],
    ['/w/tocsin-data', false, undefined],
    ['/w/tocsin-data', false, 'relative'],
  ]
  for (const [expected, isRoot, stateHome] of rows) {
    test(`${expected} for ${isRoot ? 'root' : stateHome}`, () => {
      const variables = { XDG_STATE_HOME: stateHome }
      assert.equal(defaultStateDirectory({ isRoot, variables, workingDirectory: '/w' }), expected)
    })
  }
})
