import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatEndpoint, readEndpoint } from './endpoint.ts'

suite('readEndpoint', () => {
  const read = {
    'http://127.0.0.1:8080': 'http://127.0.0.1:8080/',
    'http://127.0.0.1:8080/': 'http://127.0.0.1:8080/',
    'https://lapi.example/base': 'https://lapi.example/base/',
    'http://[::1]:8080': 'http://[::1]:8080/',
    '/run/tocsin.sock': '/run/tocsin.sock',
    '/run/tocsin.sock/': '/run/tocsin.sock',
  }
  for (const [text, endpoint] of Object.entries(read)) {
    test(text, () => assert.equal(formatEndpoint(readEndpoint(text)), endpoint))
  }
  const refused = ['', '/', 'localhost:8080', 'ftp://lapi/', 'http://lapi/?a=b', 'tocsin.sock']
  for (const text of refused) {
    test(`'${text}' is refused`, () => {
      assert.throws(() => readEndpoint(text), { code: 'TOC_CLIENT_OPTIONS' })
    })
  }
  for (const text of ['http://admin:hunter2@lapi/', 'http://admin:hunter2@la pi/']) {
    test('a password in a URL is refused and not repeated', () => {
      assert.throws(
        () => readEndpoint(text),
        (error: Error) => !error.message.includes('hunter2'),
      )
    })
  }
})
