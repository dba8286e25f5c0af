import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder, tocsin } from '../cli.test-support.ts'

/** Commands on a state directory of their own. */
function commands(folder: string) {
  return async (words: string, stdin?: string) => {
    const args = words.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? []
    return tocsin([...args, '--state-dir', folder], stdin)
  }
}

suite('tocsin machines', () => {
  test('a machine gets a file it can log in with, for its owner alone', async () => {
    using folder = temporaryFolder()
    const run = commands(folder.path)
    const { code, err } = await run('machines add web --auto')
    assert.equal(code, 0, err)
    const path = join(folder.path, 'local_api_credentials.yaml')
    assert.match(
      readFileSync(path, 'utf8'),
      /^url: "http:\/\/127\.0\.0\.1:8080\/"\nlogin: "web"\npassword: "[A-Za-z0-9]{64}"\n$/,
    )
    assert.equal(statSync(path).mode & 0o777, 0o600)
    const again = await run('machines add web --auto')
    assert.equal(again.code, 1)
    assert.match(again.err, /already exists: use --force/)
    const printed = await run('machines add other -p secret -f - -u http://lapi:1/')
    assert.equal(printed.out, 'url: "http://lapi:1/"\nlogin: "other"\npassword: "secret"\n')
  })

  test('a made name is of 48 letters and digits', async () => {
    using folder = temporaryFolder()
    const { out } = await commands(folder.path)('machines add --auto -f -')
    assert.match(out, /login: "[a-z0-9]{48}"/)
  })

  test('list, validate, delete', async () => {
    using folder = temporaryFolder()
    const run = commands(folder.path)
    await run('machines add web --auto')
    const [machine] = JSON.parse((await run('machines list -o json')).out)
    assert.deepEqual(
      [machine.machineId, machine.isValidated, machine.auth_type],
      ['web', true, 'password'],
    )
    assert.match((await run('machines list')).out, /^NAME .*\nweb .* validated .*\n1 machine\n$/)
    assert.match((await run('machines list -o raw')).out, /^machine_id,ip_address,.*\nweb,,/)
    assert.equal((await run('machines validate nobody')).code, 1)
    const deleted = await run('machines delete nobody web')
    assert.equal(deleted.code, 1)
    assert.match(deleted.err, /'web' deleted successfully\nno such machine: nobody/)
    assert.equal((await run('machines delete web --ignore-missing')).code, 0)
  })
})

suite('tocsin bouncers', () => {
  test('the key is shown once, in the form that was asked for', async () => {
    using folder = temporaryFolder()
    const run = commands(folder.path)
    assert.match((await run('bouncers add raw -o raw')).out, /^[A-Za-z0-9+/]{43}$/)
    assert.match((await run('bouncers add json -o json')).out, /^"[A-Za-z0-9+/]{43}"\n$/)
    assert.match((await run('bouncers add human -k chosen')).out, /\n {3}chosen\n/)
    const taken = await run('bouncers add raw')
    assert.deepEqual([taken.code, taken.err], [1, 'bouncer raw already exists\n'])
    const [bouncer] = JSON.parse((await run('bouncers list -o json')).out)
    assert.deepEqual([bouncer.name, bouncer.last_pull, bouncer.revoked], ['raw', null, false])
    assert.doesNotMatch((await run('bouncers list -o json')).out, /chosen/)
    assert.match((await run('bouncers delete raw nobody')).err, /no such bouncer: nobody/)
    assert.match((await run('bouncers list')).out, /\n2 bouncers\n$/)
  })
})

suite('tocsin decisions and alerts', () => {
  test('add, list, delete', async () => {
    using folder = temporaryFolder()
    const run = commands(folder.path)
    assert.equal((await run('decisions list')).out, 'No active decisions\n')
    assert.equal((await run('decisions add -i 192.0.2.7 -d 2h -R "too loud"')).code, 0)
    assert.equal((await run('decisions add --scope country -v FR -t captcha')).code, 0)
    const alerts = JSON.parse((await run('decisions list -o json')).out)
    assert.deepEqual(
      alerts.map((alert: { decisions: { scope: string; value: string; scenario: string }[] }) =>
        alert.decisions.map(({ scope, value, scenario }) => [scope, value, scenario].join()),
      ),
      [["Country,FR,manual 'captcha' from 'tocsin'"], ['Ip,192.0.2.7,too loud']],
    )
    const raw = (await run('decisions list -o raw --ip 192.0.2.7')).out
    assert.match(raw, /\n1,cscli,Ip:192\.0\.2\.7,too loud,ban,,,1,(?:1h59m\d+s|2h0m0s),false,1\n$/)
    assert.match((await run('alerts list')).out, /Ip:192\.0\.2\.7\s+too loud\s+ban:1/)
    assert.match((await run('decisions delete -i 192.0.2.7')).err, /^1 decision\(s\) deleted/)
    assert.match((await run('decisions list')).out, /\n1 decision\n$/)
  })

  const refused: Record<string, RegExp> = {
    'decisions add': /a value is required/,
    'decisions add -i nonsense': /invalid ip address or range 'nonsense'/,
    'decisions add -i 192.0.2.7 -d soon': /time: invalid duration "soon"/,
    'decisions add -i 127.0.0.1': /allowlisted by item 127\.0\.0\.0\/8 from never-ban/,
    'decisions add -r 0.0.0.0/0': /from never-ban/,
    'decisions delete': /at least one filter or --all/,
    'decisions delete --id x': /not an integer/,
    'decisions delete --id 9': /doesn't exist/,
    'decisions list --limit x': /must be a whole number/,
    'decisions list --ip x': /invalid ip address/,
    'alerts list --since soon': /time: invalid duration/,
    'decisions frobnicate': /unknown command/,
  }
  for (const [words, expected] of Object.entries(refused)) {
    test(`${words} is refused`, async () => {
      using folder = temporaryFolder()
      const { code, err } = await commands(folder.path)(words)
      assert.equal(code, 1)
      assert.match(err, expected)
    })
  }
})

suite('tocsin allowlists', () => {
  test('create, add, check, inspect, remove, delete', async () => {
    using folder = temporaryFolder()
    const run = commands(folder.path)
    await run('decisions add -i 192.0.2.7')
    assert.equal(
      (await run('allowlists create office -d "our office"')).out,
      "allowlist 'office' created successfully\n",
    )
    assert.equal((await run('allowlists create office -d x')).code, 1)
    assert.equal(
      (await run('allowlists add office 192.0.2.0/24 home.example.org -d vpn')).out,
      'added 2 values to allowlist office\n1 decisions deleted by allowlists\n',
    )
    assert.equal(
      (await run('allowlists check 192.0.2.9 198.51.100.1')).out,
      '192.0.2.9 is allowlisted by item 192.0.2.0/24 from office (vpn)\n198.51.100.1 is not allowlisted\n',
    )
    assert.equal((await run('allowlists add office "no such thing"')).code, 1)
    assert.match(
      (await run('decisions add -i 192.0.2.8')).err,
      /192\.0\.2\.8 is allowlisted by item 192\.0\.2\.0\/24 from office \(vpn\)/,
    )
    assert.equal((await run('decisions add -i 192.0.2.8 -B')).code, 0)
    const { items } = JSON.parse((await run('allowlists inspect office -o json')).out)
    assert.equal(items.length, 2)
    assert.equal(
      (await run('allowlists remove office home.example.org')).out,
      'removed 1 values from allowlist office\n',
    )
    assert.match((await run('allowlists list')).out, /office\s+our office .*\s1\n1 allowlist\n$/)
    assert.equal((await run('allowlists delete office')).code, 0)
    assert.equal((await run('allowlists inspect office')).code, 1)
  })

  test('import takes all rows or none', async () => {
    using folder = temporaryFolder()
    const run = commands(folder.path)
    await run('allowlists create office -d x')
    const good = 'value,expiration,comment\n192.0.2.1,,"a, b"\n192.0.2.2,7d,\n'
    assert.match(
      (await run('allowlists import office -i -', good)).out,
      /added 2 values to allowlist office/,
    )
    const path = join(folder.path, 'bad.csv')
    writeFileSync(path, 'value,expiration\n192.0.2.3,\n192.0.2.4,toto\n')
    const bad = await run(`allowlists import office -i ${path}`)
    assert.deepEqual([bad.code, bad.err], [1, 'row 2: invalid expiration "toto"\n'])
    const { items } = JSON.parse((await run('allowlists inspect office -o json')).out)
    assert.deepEqual(
      items.map(({ value, description }: { value: string; description?: string }) => [
        value,
        description,
      ]),
      [
        ['192.0.2.1', 'a, b'],
        ['192.0.2.2', undefined],
      ],
    )
  })
})

test('a configuration with mistakes is refused with their place', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'config.yaml')
  writeFileSync(path, 'db_config:\n  typ: sqlite\n')
  const { code, err } = await tocsin(['machines', 'list', '-c', path])
  assert.equal(code, 1)
  assert.match(err, /config\.yaml:2:3: unknown db_config key "typ"[\s\S]*did you mean "type"\?/)
})

test('the OpenAPI document is printed whole', async () => {
  const { code, out } = await tocsin(['lapi', '--openapi'])
  assert.equal(code, 0)
  assert.equal(JSON.parse(out).openapi, '3.1.0')
})
