import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { silentLog } from '@tocsin/telemetry'
import { TestLapi } from '../testing/test-lapi.ts'
import { defaultTimeouts, listenSocket } from './listeners.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-listen-'))
after(() => rmSync(folder, { recursive: true }))

function overSocket(socketPath: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, agent: false }, (reply) => {
      let text = ''
      reply.on('data', (chunk) => {
        text += chunk
      })
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }))
    })
    call.on('error', reject).end()
  })
}

/** Everything a connection says until it is closed. */
function conversation(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
  })
}

suite('listeners', () => {
  test('HTTP/2 in the clear, several requests at once, bodies too', async () => {
    await using lapi = await TestLapi.start()
    const session = connectHttp2(`http://127.0.0.1:${lapi.port}`)
    const send = (method: string, path: string, body = '') =>
      new Promise<string>((resolve, reject) => {
        const stream = session.request({ ':method': method, ':path': path })
        let text = ''
        let status = 0
        stream.on('response', (headers) => {
          status = Number(headers[':status'])
        })
        stream.on('data', (chunk) => {
          text += chunk
        })
        stream.on('end', () => resolve(`${status} ${text}`))
        stream.on('error', reject)
        if (method === 'POST') stream.end(body)
      })
    const replies = await Promise.all([
      send('GET', '/health'),
      send('GET', '/v1/decisions'),
      send('POST', '/v1/watchers', `${' '.repeat(100_000)}{"machine_id":"h2","password":"p"}`),
      send('GET', '/nope'),
    ])
    session.close()
    assert.deepEqual(replies, [
      '200 {"status":"up"}',
      '403 {"message":"access forbidden"}',
      '201 ',
      '404 ',
    ])
    assert.equal(lapi.store.machines.find('h2')?.ipAddress, '127.0.0.1')
  })

  test('a Unix socket: a stale one is replaced, ours is removed, its users are local', async () => {
    const path = join(folder, 'api.sock')
    const server = { listenUri: undefined, listenSocket: path, refusesRemoteRegistration: true }
    {
      await using _lapi = await TestLapi.start({ server })
      assert.deepEqual(await overSocket(path, '/health'), { status: 200, text: '{"status":"up"}' })
      assert.equal(statSync(path).mode & 0o777, 0o660)
    }
    assert.equal(existsSync(path), false)
  })

  test('a file in the place of the socket is left alone', async () => {
    const path = join(folder, 'precious')
    writeFileSync(path, 'x')
    await assert.rejects(TestLapi.start({ server: { listenUri: undefined, listenSocket: path } }))
    assert.equal(existsSync(path), true)
  })

  test('a path that is too long is said to be', async () => {
    const path = `/tmp/${'x'.repeat(120)}`
    await assert.rejects(
      listenSocket(path, () => {}, { timeouts: defaultTimeouts, log: silentLog }),
      /\(path length exceeds system limit: 125 > 1\d\d\)/,
    )
  })

  test('who sends headers slowly, or nothing, is shown out; the others are served', async () => {
    const timeouts = { headersMs: 300, requestMs: 600, idleMs: 300 }
    await using lapi = await TestLapi.start({ timeouts })
    const silent = connect(lapi.port, '127.0.0.1')
    const slow = connect(lapi.port, '127.0.0.1')
    slow.write('GET /health HTTP/1.1\r\nHost: a\r\n')
    const half = connect(lapi.port, '127.0.0.1')
    half.write('PR')
    const slowBody = connect(lapi.port, '127.0.0.1')
    slowBody.write('POST /v1/watchers HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{')
    const ends = Promise.all([silent, slow, half, slowBody].map(conversation))
    assert.equal((await lapi.request('GET', '/health')).status, 200)
    const [nothing, refused, nothingEither, cut = ''] = await ends
    assert.deepEqual([nothing, nothingEither], ['', ''])
    assert.match(refused ?? '', /^HTTP\/1\.1 408 /)
    assert.match(cut, /^(HTTP\/1\.1 40[08] |$)/)
  })

  test('a client that goes away in the middle costs nobody else anything', async () => {
    await using lapi = await TestLapi.start()
    for (let i = 0; i < 20; i++) {
      const socket = connect(lapi.port, '127.0.0.1')
      socket.write('POST /v1/watchers HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"a":')
      socket.on('error', () => {})
      setImmediate(() => socket.destroy())
    }
    assert.equal((await lapi.request('GET', '/health')).status, 200)
  })
})
