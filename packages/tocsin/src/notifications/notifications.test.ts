import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { suite, test } from 'node:test'
import { startLapi } from '@tocsin/lapi'
import { systemClock } from '@tocsin/model'
import { sampleAlert } from '@tocsin/notify'
import { bodyOfAlert } from '@tocsin/protocol'
import { silentLog } from '@tocsin/telemetry'
import { temporaryFolder, tocsin } from '../cli.test-support.ts'
import { loadProfiles } from '../lapi/load-profiles.ts'
import { openConfig } from '../lapi/state-options.ts'
import { openConfiguredStore } from '../lapi/store-settings.ts'
import { notifyStored, openNotifier } from './load-notifications.ts'

const profiles = `name: loud
filters: ['Alert.GetScope() == "Ip"']
decisions: [{type: ban, duration: 4h}]
notifications: [log]
on_success: break
`

/** A configuration with two notifications, one of them used by the profile. */
function scene(folder: string, notifications?: string) {
  mkdirSync(join(folder, 'notifications'))
  writeFileSync(
    join(folder, 'config.yaml'),
    `config_paths: {config_dir: ${folder}, data_dir: ${folder}}\ndb_config: {type: sqlite, db_path: ${folder}/t.db}\napi: {server: {listen_uri: 127.0.0.1:0, profiles_path: ${folder}/profiles.yaml}}\n`,
  )
  writeFileSync(join(folder, 'profiles.yaml'), profiles)
  writeFileSync(
    join(folder, 'notifications', 'all.yaml'),
    notifications ??
      `type: file
name: log
log_path: ${folder}/alerts.json
format: "{{range .}}{{.Source.Value}} {{range .Decisions}}{{.Type}}{{end}}{{end}}"
---
type: http
name: hook
url: http://127.0.0.1:1/s3cret-path
method: POST
headers: {Authorization: Bearer s3cret}
timeout: 2s
`,
  )
  return (...args: string[]) =>
    tocsin(['notifications', ...args, '-c', join(folder, 'config.yaml')])
}

suite('tocsin notifications', () => {
  test('list', async () => {
    using folder = temporaryFolder()
    const run = scene(folder.path)
    assert.equal(
      (await run('list')).out,
      `ACTIVE   NAME   TYPE   ALARMS   PROFILES
yes      log    file   no       loud
no       hook   http   no       –
2 notifications
`,
    )
    assert.equal(
      (await run('list', '-o', 'raw')).out,
      'Name,Type,Profile name\nlog,file,loud\nhook,http,\n',
    )
    const json = JSON.parse((await run('list', '-o', 'json')).out)
    assert.deepEqual(
      [json.log.associated_profiles, json.hook.associated_profiles, json.hook.plugin_config.method],
      [['loud'], [], 'POST'],
    )
  })

  test('inspect masks secrets', async () => {
    using folder = temporaryFolder()
    const run = scene(folder.path)
    const { out } = await run('inspect', 'hook')
    assert.equal(
      out,
      ` - Type: http
 - Name: hook
 - File: ${folder.path}/notifications/all.yaml:6
 - url: http://127.0.0.1:1/********
 - method: POST
 - headers: {"Authorization":"********"}
 - timeout: 2s
`,
    )
    for (const args of [
      ['inspect', 'hook', '-o', 'json'],
      ['list', '-o', 'json'],
    ]) {
      assert.doesNotMatch((await run(...args)).out, /s3cret/)
    }
  })

  test('test tells what came of it', async () => {
    using folder = temporaryFolder()
    const run = scene(folder.path)
    assert.deepEqual((await run('test', 'log')).out, 'log: delivered\n')
    const more = await run(
      'test',
      'log',
      '-a',
      '{"source": {"value": "192.0.2.7"}, "decisions": []}',
    )
    assert.equal(more.code, 0, more.err)
    assert.equal(
      readFileSync(join(folder.path, 'alerts.json'), 'utf8'),
      '10.10.10.10 ban\n192.0.2.7 \n',
    )
    const failed = await run('test', 'hook')
    assert.deepEqual(
      [failed.code, failed.err],
      [1, 'hook: not delivered: cannot reach 127.0.0.1:1: ECONNREFUSED\n'],
    )
    assert.equal((await run('test', 'log', '--dry-run')).out, '10.10.10.10 ban\n')
  })

  test('reinject', async () => {
    using folder = temporaryFolder()
    const run = scene(folder.path)
    const config = ['-c', join(folder.path, 'config.yaml')]
    assert.equal((await tocsin(['decisions', 'add', '-i', '192.0.2.7', ...config])).code, 0)
    const { code, out, err } = await run('reinject', '1')
    assert.equal(code, 0, err)
    assert.equal(out, 'profile loud: matched\nlog: delivered\n')
    assert.equal(readFileSync(join(folder.path, 'alerts.json'), 'utf8'), '192.0.2.7 ban\n')
    assert.equal((await run('reinject', '9')).err, 'there is no alert 9\n')
    assert.equal((await run('reinject', 'x')).err, 'bad alert id x\n')
  })

  test('none at all', async () => {
    using folder = temporaryFolder()
    const { out } = await tocsin(['notifications', 'list', '--state-dir', folder.path])
    assert.equal(out, 'No notifications: nobody is told of alerts\n')
  })

  const refused: Record<string, readonly [string[], RegExp]> = {
    'a name nobody has': [
      ['inspect', 'hok'],
      /there is no notification "hok"\. Did you mean "hook"\?/,
    ],
    'fields that are none': [['test', 'log', '-a', 'x'], /--alert must be a map/],
    'fields of another kind': [['test', 'log', '-a', '{"capacity": "x"}'], /--alert: json: cannot/],
  }
  for (const [name, [args, message]] of Object.entries(refused)) {
    test(`${name} is refused`, async () => {
      using folder = temporaryFolder()
      const { code, err } = await scene(folder.path)(...args)
      assert.equal(code, 1)
      assert.match(err, message)
    })
  }

  test('a profile that names an unknown notification is refused', async () => {
    using folder = temporaryFolder()
    const { code, err } = await scene(folder.path, '')('list')
    assert.deepEqual(
      [code, err],
      [1, `profile loud: there is no notification "log" in ${folder.path}/notifications\n`],
    )
  })

  test('a file with a mistake is refused with its place', async () => {
    using folder = temporaryFolder()
    const { code, err } = await scene(folder.path, 'type: file\nname: log\nlog_pth: x\n')('list')
    assert.equal(code, 1)
    assert.match(err, /all\.yaml:3:1: unknown notification key "log_pth"/)
  })
})

test('what a machine sends reaches the notifications of the profiles that match, grouped', async () => {
  using folder = temporaryFolder()
  await using server = await receiver()
  scene(
    folder.path,
    `type: http\nname: log\nurl: ${server.url}\nmethod: POST\nformat: '{{. | toJson}}'\ngroup_threshold: 2\ngroup_wait: 5s\n`,
  )
  const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {} }
  const config = openConfig({ config: join(folder.path, 'config.yaml') }, streams)
  assert.ok(config.server)
  const clock = systemClock
  const log = silentLog
  const loaded = loadProfiles(config, { clock, log }, streams)
  await using store = await openConfiguredStore(config, log)
  await using notifier = openNotifier(config, loaded, log, streams)
  await using lapi = await startLapi(
    { server: config.server, version: 'test' },
    { store, clock, log, profiles: loaded, onStored: (alerts) => notifyStored(notifier, alerts) },
  )
  const values = ['192.0.2.7', '198.51.100.9']
  for (const value of values) {
    const { alert } = sampleAlert(clock.nowMs())
    const source = { ...alert.source, value, ip: value }
    await lapi.receive([bodyOfAlert({ ...alert, source, decisions: [] })], 'web01')
  }
  await notifier.flush()
  assert.equal(server.bodies.length, 1)
  const alerts = JSON.parse(server.bodies[0] ?? '')
  assert.deepEqual(
    alerts.map(
      (one: {
        source: { value: string }
        decisions: { type: string; value: string }[]
        machine_id: string
      }) => [
        one.source.value,
        one.machine_id,
        one.decisions.map(({ type, value }) => `${type} ${value}`),
      ],
    ),
    values.map((value) => [value, 'web01', [`ban ${value}`]]),
  )
})

/** A web server that keeps what it is sent. */
async function receiver(): Promise<AsyncDisposable & { url: string; bodies: string[] }> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    text(request).then((body) => {
      bodies.push(body)
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    bodies,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
