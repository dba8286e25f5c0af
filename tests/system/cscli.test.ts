import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AlertReply } from '@tocsin/protocol'
import { writeCrowdsecConfig } from './support/crowdsec-config.ts'
import { serverUnderTest } from './support/local-apis.ts'
import { createMachine } from './support/machine.ts'
import { alertBody } from './support/samples.ts'
import { Sandbox } from './support/sandbox.ts'
import { systemSuite } from './support/system-suite.ts'

await systemSuite('cscli, unmodified', (peers) => {
  test('administers our Local API', { timeout: 120_000 }, async (t) => {
    await using sandbox = await Sandbox.create('cscli')
    const api = await serverUnderTest(sandbox, peers)
    using operator = await createMachine(api)
    const config = await writeCrowdsecConfig(sandbox, peers, {
      folder: 'remote',
      lapi: { url: api.url },
    })
    /** Both outputs: much of what cscli says it says in its log. */
    const cscli = (...args: string[]) =>
      sandbox.run('sh', ['-c', '"$0" "$@" 2>&1', peers.cscli, '-c', config, ...args])
    const list = async (what: 'alerts' | 'decisions', ...filter: string[]) => {
      const text = await cscli(what, 'list', '-o', 'json', ...filter)
      return (JSON.parse(text) ?? []) as AlertReply[]
    }
    const decided = async (...filter: string[]) =>
      (await list('decisions', ...filter))
        .flatMap(({ decisions }) => decisions ?? [])
        .map(({ scope, value, type }) => `${scope} ${value} ${type}`)
        .sort()

    await t.test('lapi register, then status once an administrator agrees', async () => {
      await cscli('lapi', 'register', '-u', api.url, '--machine', 'remote1')
      await assert.rejects(cscli('lapi', 'status'))
      await api.validateMachine('remote1')
      assert.match(await cscli('lapi', 'status'), /successfully interact with Local API/)
    })

    await t.test('nothing is listed at first', async () => {
      assert.deepEqual(await list('alerts'), [])
      assert.deepEqual(await decided(), [])
      assert.match(await cscli('decisions', 'list'), /No active decisions/)
      assert.match(await cscli('alerts', 'list'), /No active alerts/)
    })

    await t.test('decisions add', async () => {
      await cscli('decisions', 'add', '--ip', '192.0.2.7', '--duration', '2h', '--reason', 'spam')
      await cscli('decisions', 'add', '--range', '198.51.100.0/24', '--type', 'captcha')
      await cscli('decisions', 'add', '--ip', '2001:db8::7')
      await cscli('decisions', 'add', '--scope', 'country', '--value', 'ZZ')
      assert.deepEqual(await decided(), [
        'Country ZZ ban',
        'Ip 192.0.2.7 ban',
        'Ip 2001:db8::7 ban',
        'Range 198.51.100.0/24 captcha',
      ])
    })

    await t.test('decisions list, by filter', async () => {
      assert.deepEqual(await decided('--ip', '192.0.2.7'), ['Ip 192.0.2.7 ban'])
      assert.deepEqual(await decided('--ip', '198.51.100.9'), ['Range 198.51.100.0/24 captcha'])
      assert.deepEqual(await decided('--type', 'captcha'), ['Range 198.51.100.0/24 captcha'])
      assert.deepEqual(await decided('--scope', 'country'), ['Country ZZ ban'])
      assert.deepEqual(await decided('--range', '192.0.2.0/24', '--contained'), [
        'Ip 192.0.2.7 ban',
      ])
      assert.deepEqual(await decided('--ip', '203.0.113.1'), [])
    })

    await t.test('decisions list, for people and raw', async () => {
      const table = await cscli('decisions', 'list')
      assert.match(table, /Ip:192\.0\.2\.7\s.*spam.*\sban\s/)
      const raw = await cscli('decisions', 'list', '-o', 'raw', '--ip', '192.0.2.7')
      assert.match(raw, /^id,source,ip,reason,action,country,as,events_count,expiration/)
      assert.match(raw, /\n\d+,cscli,Ip:192\.0\.2\.7,spam,ban,.*1h59m\d+\.?\d*s/)
    })

    await t.test('alerts list and inspect', async () => {
      await operator.pushAlerts([alertBody('203.0.113.5')])
      const [alert] = await list('alerts', '--ip', '203.0.113.5')
      assert.equal(alert?.scenario, 'tocsin/system-test')
      assert.equal(alert?.machine_id, 'operator')
      const inspected = await cscli('alerts', 'inspect', '-d', String(alert?.id))
      assert.match(inspected, /tocsin\/system-test/)
      assert.match(inspected, /Ip:203\.0\.113\.5/)
      assert.match(await cscli('alerts', 'list'), /Ip:203\.0\.113\.5/)
      assert.equal((await list('alerts', '--scenario', 'tocsin/system-test')).length, 1)
      assert.equal((await list('alerts', '--since', '1h')).length, 5)
      assert.equal((await list('alerts', '--until', '1h')).length, 0)
      assert.equal((await list('alerts', '--limit', '2')).length, 2)
    })

    await t.test('decisions import', async () => {
      const file = await sandbox.write('import.csv', 'value,duration\n45.0.0.1,1h\n45.0.0.2,1h\n')
      await cscli('decisions', 'import', '-i', file, '--reason', 'list')
      assert.deepEqual(await decided('--origin', 'cscli-import'), [
        'Ip 45.0.0.1 ban',
        'Ip 45.0.0.2 ban',
      ])
    })

    await t.test('decisions delete', async () => {
      assert.match(await cscli('decisions', 'delete', '--ip', '192.0.2.7'), /1 decision/)
      assert.deepEqual(await decided('--ip', '192.0.2.7'), [])
      const [{ decisions } = { decisions: [] }] = await list('decisions', '--scope', 'country')
      const id = String(decisions?.[0]?.id)
      assert.match(await cscli('decisions', 'delete', '--id', id), /1 decision/)
      assert.match(await cscli('decisions', 'delete', '--all'), /5 decision/)
      assert.deepEqual(await decided(), [])
    })

    await t.test('alerts delete', async () => {
      const [alert] = await list('alerts', '--ip', '203.0.113.5')
      await cscli('alerts', 'delete', '--id', String(alert?.id))
      assert.deepEqual(await list('alerts', '--ip', '203.0.113.5'), [])
      assert.ok((await list('alerts')).length > 0)
      await cscli('alerts', 'delete', '--all')
      assert.deepEqual(await list('alerts'), [])
    })
  })
})
