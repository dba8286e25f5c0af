import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import type { TlsConfig } from '@tocsin/config'
import { silentLog } from '@tocsin/telemetry'
import { defaultTimeouts, listenTcp } from '../http/listeners.ts'
import { TestLapi } from '../testing/test-lapi.ts'
import { readRevocationLists } from './revocation-list.ts'
import { readTlsSettings, TlsFiles } from './tls-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'))
after(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(at(name))

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
}

/** An authority, a server, and clients of two kinds; `revoked` is on the list. */
function makeCertificates(): void {
  const authority = (name: string) =>
    openssl(
      ...`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout ${name}.key -out ${name}.pem`.split(
        ' ',
      ),
      '-subj',
      `/CN=${name}`,
    )
  authority('ca')
  authority('other')
  const issue = (
    name: string,
    subject: string,
    issuer = 'ca',
    extension = 'basicConstraints=CA:FALSE',
  ) => {
    writeFileSync(at(`${name}.ext`), extension)
    openssl(
      ...`req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key -out ${name}.csr`.split(
        ' ',
      ),
      '-subj',
      subject,
    )
    const sign = `x509 -req -in ${name}.csr -CA ${issuer}.pem -CAkey ${issuer}.key -CAcreateserial -days 30 -extfile ${name}.ext -out ${name}.pem`
    openssl(...sign.split(' '))
  }
  issue('server', '/CN=localhost', 'ca', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  issue('bouncer', '/OU=walls/CN=fw')
  issue('agent', '/OU=agents/CN=web')
  issue('revoked', '/OU=walls/CN=old')
  issue('stranger', '/OU=walls/CN=fw', 'other')
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('crlnumber'), '01')
  writeFileSync(
    at('ca.cnf'),
    '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n',
  )
  const files = ['-config', 'ca.cnf', '-keyfile', 'ca.key', '-cert', 'ca.pem']
  openssl('ca', ...files, '-gencrl', '-out', 'empty.crl')
  openssl('ca', ...files, '-revoke', 'revoked.pem')
  openssl('ca', ...files, '-gencrl', '-out', 'ca.crl')
}

/** At the present time: openssl makes certificates that begin now. */
async function start(tls: TlsConfig): Promise<TestLapi> {
  const lapi = await TestLapi.start({ server: { tls } })
  lapi.clock.advance(Date.now() + 60_000 - lapi.clock.nowMs())
  return lapi
}

interface Reply {
  readonly status: number
  readonly text: string
}

suite('client certificates', () => {
  let tls: TlsConfig
  before(() => {
    makeCertificates()
    tls = {
      certPath: at('server.pem'),
      keyPath: at('server.key'),
      caCertPath: at('ca.pem'),
      crlPath: at('ca.crl'),
      serverName: undefined,
      verification: 'VerifyClientCertIfGiven',
      agentUnits: ['agents'],
      bouncerUnits: ['walls'],
      cacheExpirationMs: 3_600_000,
    }
  })

  function call(
    lapi: TestLapi,
    method: string,
    path: string,
    who?: string,
    body = '',
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const client = who ? { cert: read(`${who}.pem`), key: read(`${who}.key`) } : {}
      const options = {
        port: lapi.port,
        host: '127.0.0.1',
        method,
        path,
        ca: read('ca.pem'),
        agent: false,
        headers: { 'user-agent': 'crowdsec/v1' },
        ...client,
      } as const
      const sent = request(options, (reply) => {
        let text = ''
        reply.on('data', (chunk) => {
          text += chunk
        })
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }))
      })
      sent.on('error', reject).end(body)
    })
  }

  test('a bouncer is known by its certificate, HTTP/2 is spoken over TLS', async () => {
    await using lapi = await start(tls)
    assert.deepEqual(await call(lapi, 'GET', '/v1/decisions', 'bouncer'), {
      status: 200,
      text: 'null',
    })
    const made = lapi.store.bouncers.find('fw@127.0.0.1')
    assert.deepEqual([made?.authType, made?.isAutoCreated], ['tls', true])
    const session = connectHttp2(`https://127.0.0.1:${lapi.port}`, {
      ca: read('ca.pem'),
      cert: read('bouncer.pem'),
      key: read('bouncer.key'),
    })
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject)
      const stream = session.request({ ':path': '/v1/decisions/stream' })
      stream.on('response', (headers) => resolve(headers[':status']))
      stream.resume().end()
    })
    assert.equal(session.alpnProtocol, 'h2')
    session.close()
    assert.equal(status, 200)
  })

  test('a machine logs in with its certificate and goes on with its token', async () => {
    await using lapi = await start(tls)
    const { status, text } = await call(
      lapi,
      'POST',
      '/v1/watchers/login',
      'agent',
      '{"scenarios":["a/b"]}',
    )
    assert.equal(status, 200)
    assert.equal(typeof JSON.parse(text).token, 'string')
    const made = lapi.store.machines.find('web@127.0.0.1')
    assert.deepEqual([made?.authType, made?.isValidated, made?.scenarios], ['tls', true, ['a/b']])
  })

  const refused: [
    who: string | undefined,
    method: string,
    path: string,
    status: number,
    text: string,
  ][] = [
    [undefined, 'GET', '/v1/decisions', 403, '{"message":"access forbidden"}'],
    ['agent', 'GET', '/v1/decisions', 403, '{"message":"access forbidden"}'],
    ['revoked', 'GET', '/v1/decisions', 403, '{"message":"access forbidden"}'],
    [
      'bouncer',
      'POST',
      '/v1/watchers/login',
      401,
      '{"code":401,"message":"client certificate OU [walls] doesn\'t match expected OU [agents]"}',
    ],
  ]
  for (const [who, method, path, status, text] of refused) {
    test(`${who ?? 'nobody'} gets ${status} for ${path}`, async () => {
      await using lapi = await start(tls)
      assert.deepEqual(await call(lapi, method, path, who, method === 'POST' ? '{}' : ''), {
        status,
        text,
      })
    })
  }

  test('a certificate of another authority does not pass the handshake', async () => {
    await using lapi = await start(tls)
    await assert.rejects(call(lapi, 'GET', '/v1/decisions', 'stranger'))
  })

  test('a required certificate is required', async () => {
    const strict = { ...tls, verification: 'RequireAndVerifyClientCert' } as const
    await using lapi = await start(strict)
    await assert.rejects(call(lapi, 'GET', '/health'))
    assert.equal((await call(lapi, 'GET', '/health', 'bouncer')).status, 200)
  })

  test('a list that changes is read again, a broken one is not taken', async () => {
    writeFileSync(at('live.crl'), read('empty.crl'))
    await using lapi = await start({ ...tls, crlPath: at('live.crl') })
    const status = async () => (await call(lapi, 'GET', '/v1/decisions', 'revoked')).status
    assert.equal(await status(), 200)
    writeFileSync(at('live.crl'), Buffer.concat([read('ca.crl'), read('empty.crl')]))
    lapi.clock.advance(6_000)
    assert.equal(await status(), 403)
    writeFileSync(at('live.crl'), 'nonsense')
    lapi.clock.advance(6_000)
    assert.equal(await status(), 403)
  })

  test('a renewed certificate is seen, and used from the next connection on', async () => {
    const [certPath, keyPath] = [at('live.pem'), at('live.key')]
    writeFileSync(certPath, read('server.pem'))
    writeFileSync(keyPath, read('server.key'))
    const config = { ...tls, certPath, keyPath }
    const files = new TlsFiles(config)
    const options = { timeouts: defaultTimeouts, log: silentLog }
    await using listener = await listenTcp(
      { host: '127.0.0.1', port: 0 },
      readTlsSettings(config),
      () => {},
      options,
    )
    const serial = () =>
      new Promise<string>((resolve, reject) => {
        const port = Number(listener.address.split(':').at(-1))
        const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().serialNumber)
          socket.destroy()
        })
        socket.on('error', reject)
      })
    const before = await serial()
    assert.equal(files.changed(), undefined)
    writeFileSync(certPath, read('agent.pem'))
    writeFileSync(keyPath, read('agent.key'))
    utimesSync(certPath, 5, 5)
    const changed = files.changed()
    assert.ok(changed)
    listener.renew?.(changed)
    assert.notEqual(await serial(), before)
    assert.equal(files.changed(), undefined)
  })

  test('a revocation list of somebody else revokes nobody', () => {
    const [list] = readRevocationLists(read('ca.crl').toString())
    assert.equal(list?.serials.size, 1)
  })

  test('broken lists are refused, not misread', () => {
    const block = (der: Buffer) =>
      `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`
    const pem = read('ca.crl').toString()
    const der = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64')
    for (let length = 0; length < der.length; length += 7) {
      assert.throws(() => readRevocationLists(block(der.subarray(0, length))), /no X509 CRL/)
    }
    assert.throws(() => readRevocationLists(''), /holds no X509 CRL/)
  })
})
