import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { BouncerClient } from './bouncer-client.ts'
import type { TlsMaterial } from './tls-material.ts'

/** An authority and two certificates of it, made for this run. */
function createCertificates(folder: string) {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca')
  writeFileSync(join(folder, 'san'), 'subjectAltName=IP:127.0.0.1')
  for (const name of ['server', 'bouncer']) {
    openssl(
      'req',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    )
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'san']
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signing)
  }
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return {
    ca: read('ca.pem'),
    server: { cert: read('server.pem'), key: read('server.key') },
    bouncer: { cert: read('bouncer.pem'), key: read('bouncer.key') },
  }
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    // Not installed: the suite is skipped and says so.
    return false
  }
}

suite('TLS', { skip: hasOpenssl() ? false : 'openssl is not installed' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'))
  after(() => rmSync(folder, { recursive: true }))
  const { ca, server, bouncer } = createCertificates(folder)
  const listening = createServer({ ...server, ca, requestCert: true, rejectUnauthorized: false })
  listening.on('request', (request, response) => {
    const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject ?? {}
    response.end(JSON.stringify([{ ...decision, value: String(CN) }]))
  })
  after(() => listening.close())
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(listening.address() as AddressInfo).port}`
  const decision = { type: 'ban', scope: 'Ip', duration: '1h', origin: 'cscli', scenario: '' }

  async function certificateSeen(tls: TlsMaterial): Promise<string | undefined> {
    const key = tls.cert === undefined && { apiKey: 'key' }
    const options = { urls: [url], userAgent: 'tocsin/0.1.0', tls, ...key }
    using client = new BouncerClient(options)
    return (await client.lookup({ ip: '192.0.2.7' }))[0]?.value
  }

  test('trusts the authority it is given', async () => {
    assert.equal(await certificateSeen({ ca }), 'undefined')
  })

  test('shows its certificate', async () => {
    assert.equal(await certificateSeen({ ca, ...bouncer }), 'bouncer')
  })

  test('refuses a server it has no reason to trust, unless told otherwise', async () => {
    await assert.rejects(certificateSeen({}), { code: 'TOC_CLIENT_UNREACHABLE' })
    assert.equal(await certificateSeen({ acceptsAnyServer: true }), 'undefined')
  })
})
