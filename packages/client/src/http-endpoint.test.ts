import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { readEndpoint } from './endpoint.ts'
import { FakeServer, json } from './fake-server.test-support.ts'
import { HttpEndpoint, type HttpRequest } from './http-endpoint.ts'
import { readJson } from './read-reply.ts'

const get: HttpRequest = { method: 'GET', path: 'v1/x?a=1', headers: {}, idleTimeoutMs: 5_000 }

suite('HttpEndpoint', () => {
  test('keeps connections and survives that the server closed them', async () => {
    await using server = await FakeServer.start((_, response) => json(response, 200, { ok: true }))
    using endpoint = new HttpEndpoint(readEndpoint(server.url))
    for (let i = 0; i < 3; i++) await readJson(await endpoint.send(get), 'fake')
    assert.equal(server.connections, 1)
    server.breakConnections()
    assert.deepEqual(await readJson(await endpoint.send(get), 'fake'), { ok: true })
    assert.equal(server.seen.length, 4)
    assert.equal(server.seen[0]?.url, '/v1/x?a=1')
  })

  test('speaks over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-client-'))
    try {
      const path = join(folder, 'lapi.sock')
      await using server = await FakeServer.start((_, response) => json(response, 200, 1), path)
      using endpoint = new HttpEndpoint(readEndpoint(path))
      assert.equal(await readJson(await endpoint.send(get), 'fake'), 1)
      assert.equal(server.seen[0]?.url, '/v1/x?a=1')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  const sizes: Record<number, string | undefined> = { 5120: undefined, 5121: 'gzip' }
  for (const [size, encoding] of Object.entries(sizes)) {
    test(`a body of ${size} bytes is sent as ${encoding ?? 'it is'}`, async () => {
      await using server = await FakeServer.start((_, response) => json(response, 201, null))
      using endpoint = new HttpEndpoint(readEndpoint(server.url))
      const body = 'x'.repeat(Number(size))
      await readJson(await endpoint.send({ ...get, method: 'POST', body }), 'fake')
      assert.equal(server.seen[0]?.headers['content-encoding'], encoding)
      assert.equal(server.seen[0]?.body, body)
    })
  }

  test('a server that cannot read gzip gets the body as it is, from then on', async () => {
    const body = JSON.stringify(['x'.repeat(10_000)])
    await using server = await FakeServer.start((request, response) => {
      json(response, request.headers['content-encoding'] === 'gzip' ? 400 : 201, ['1'])
    })
    using endpoint = new HttpEndpoint(readEndpoint(server.url))
    for (let i = 0; i < 2; i++) {
      const reply = await endpoint.send({ ...get, method: 'POST', body })
      assert.deepEqual(await readJson(reply, 'fake'), ['1'])
    }
    const encodings = server.seen.map(({ headers }) => headers['content-encoding'])
    assert.deepEqual(encodings, ['gzip', undefined, undefined])
  })

  test('tells a server that is not there from one that broke off', async () => {
    const server = await FakeServer.start((_, response) => void response.destroy())
    using endpoint = new HttpEndpoint(readEndpoint(server.url))
    await assert.rejects(endpoint.send(get), { code: 'TOC_CLIENT_INTERRUPTED' })
    await server[Symbol.asyncDispose]()
    await assert.rejects(endpoint.send(get), { code: 'TOC_CLIENT_UNREACHABLE' })
  })

  test('a silent server is given up', async () => {
    await using server = await FakeServer.start(() => {})
    using endpoint = new HttpEndpoint(readEndpoint(server.url))
    await assert.rejects(endpoint.send({ ...get, idleTimeoutMs: 20 }), {
      code: 'TOC_CLIENT_INTERRUPTED',
    })
  })

  test('a server that falls silent within its answer is given up', async () => {
    await using server = await FakeServer.start((_, response) => void response.write('[1,'))
    using endpoint = new HttpEndpoint(readEndpoint(server.url))
    const reply = await endpoint.send({ ...get, idleTimeoutMs: 50 })
    await assert.rejects(readJson(reply, 'fake'), { code: 'TOC_CLIENT_INTERRUPTED' })
  })

  test('the caller can end a request', async () => {
    await using server = await FakeServer.start(() => {})
    using endpoint = new HttpEndpoint(readEndpoint(server.url))
    const stop = new AbortController()
    const sent = endpoint.send({ ...get, signal: stop.signal })
    stop.abort()
    await assert.rejects(sent, { code: 'TOC_CLIENT_ABORTED' })
  })

  test('TLS material is refused with a Unix socket', () => {
    const socket = readEndpoint('/run/tocsin.sock')
    assert.throws(() => new HttpEndpoint(socket, { ca: 'PEM' }), { code: 'TOC_CLIENT_OPTIONS' })
  })

  test('unusable certificates are refused without repeating them', () => {
    const endpoint = readEndpoint('https://localhost')
    assert.throws(() => new HttpEndpoint(endpoint, { cert: 'c', key: 'top secret' }), {
      code: 'TOC_CLIENT_OPTIONS',
      message: 'the certificates cannot be used',
    })
    assert.throws(() => new HttpEndpoint(endpoint, { cert: 'c' }), { code: 'TOC_CLIENT_OPTIONS' })
  })
})
