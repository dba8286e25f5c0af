import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readGood, TestTime } from '../notify.test-support.ts'
import { createChannel } from './create-channel.ts'
import type { DeliveryError } from './delivery-error.ts'
import { createHttpSender, type HttpCall } from './send-http.ts'
import { TestHttpServer, TestSmtpServer, temporaryFolder } from './servers.test-support.ts'

const time = new TestTime()
const sendHttp = createHttpSender({})
const never = new AbortController().signal

function channelOf(yaml: string, send = sendHttp, clock = time) {
  const [notification] = readGood(yaml)
  assert.ok(notification)
  return createChannel(notification.target, send, clock)
}

/** What a refused delivery says of itself. */
async function refusal(
  delivery: Promise<void>,
): Promise<Pick<DeliveryError, 'code' | 'isPermanent' | 'message'>> {
  try {
    await delivery
  } catch (error) {
    const { code, isPermanent, message } = error as DeliveryError
    return { code, isPermanent, message }
  }
  throw new Error('delivered')
}

suite('http', () => {
  const http = (server: TestHttpServer, more = '') =>
    channelOf(
      `type: http\nname: h\nurl: ${server.url}/hook?a=1\nmethod: post\nheaders: {X-Key: abc}\n${more}`,
    )

  test('the text is the body', async () => {
    await using server = await TestHttpServer.start()
    await http(server).send('{"a":"é"}', never)
    const [request] = server.received
    assert.deepEqual(
      [request?.method, request?.url, request?.body],
      ['POST', '/hook?a=1', '{"a":"é"}'],
    )
    assert.equal(request?.headers['x-key'], 'abc')
    assert.equal(request?.headers['content-length'], '10')
    assert.equal(request?.headers['content-type'], undefined)
  })

  const answers: Record<number, boolean> = {
    400: true,
    401: true,
    404: true,
    302: true,
    408: false,
    429: false,
    500: false,
    503: false,
  }
  for (const [status, isPermanent] of Object.entries(answers)) {
    test(`${status} is ${isPermanent ? 'final' : 'worth another attempt'}`, async () => {
      await using server = await TestHttpServer.start()
      server.answers = [{ status: Number(status), body: 'no\u001b[31m' }]
      const refused = await refusal(http(server).send('x', never))
      assert.deepEqual([refused.code, refused.isPermanent], ['TOC_NOTIFY_REFUSED', isPermanent])
      assert.match(
        refused.message,
        new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}.*: no\\\\u001b`),
      )
    })
  }

  test('who asks to wait is waited for', async () => {
    await using server = await TestHttpServer.start()
    server.answers = [{ status: 429, headers: { 'Retry-After': '7' } }]
    await assert.rejects(http(server).send('x', never), { retryAfterMs: 7000 })
  })

  test('no answer in time', async () => {
    await using server = await TestHttpServer.start()
    server.answers = [{ status: 200, hangs: true }]
    const refused = await refusal(http(server).send('x', AbortSignal.timeout(30)))
    assert.deepEqual([refused.code, refused.isPermanent], ['TOC_NOTIFY_TIMEOUT', false])
  })

  test('nobody there', async () => {
    const refused = await refusal(
      channelOf('type: http\nname: h\nurl: http://127.0.0.1:1/s3cretpath\nmethod: POST').send(
        'x',
        never,
      ),
    )
    assert.deepEqual(refused, {
      code: 'TOC_NOTIFY_UNREACHABLE',
      isPermanent: false,
      message: 'cannot reach 127.0.0.1:1: ECONNREFUSED',
    })
  })

  test('a long answer is not read to its end', async () => {
    await using server = await TestHttpServer.start()
    server.answers = [{ status: 500, body: 'x'.repeat(10_000_000) }]
    const { message } = await refusal(http(server).send('x', never))
    assert.ok(message.length < 300)
  })

  test('over a Unix socket', async () => {
    using folder = temporaryFolder()
    const socket = join(folder.path, 'hook.sock')
    await using server = await TestHttpServer.start({ socket })
    await channelOf(
      `type: http\nname: h\nurl: http://unix/alerts\nmethod: POST\nunix_socket: ${socket}/`,
    ).send('hello', never)
    assert.deepEqual(
      server.received.map(({ url, body }) => [url, body]),
      [['/alerts', 'hello']],
    )
  })

  test('through a proxy that the environment names', async () => {
    await using proxy = await TestHttpServer.start()
    const channel = channelOf(
      'type: http\nname: h\nurl: http://ops.example/hook\nmethod: POST',
      createHttpSender({ HTTP_PROXY: proxy.url }),
    )
    await channel.send('x', never)
    assert.equal(proxy.received[0]?.url, 'http://ops.example/hook')
  })
})

test('slack: the text is a message of a webhook', async () => {
  await using server = await TestHttpServer.start()
  const yaml = `type: slack\nname: s\nwebhook: ${server.url}/T0/B0/X\nchannel: "#ops"\nicon_emoji: ":bell:"`
  await channelOf(yaml).send('hello "you"', never)
  assert.deepEqual(JSON.parse(server.received[0]?.body ?? ''), {
    channel: '#ops',
    icon_emoji: ':bell:',
    text: 'hello "you"',
  })
  assert.equal(server.received[0]?.headers['content-type'], 'application/json')
})

test('splunk: the text is an event, and only 200 is success', async () => {
  await using server = await TestHttpServer.start()
  server.answers = [{ status: 200 }, { status: 201 }]
  const channel = channelOf(`type: splunk\nname: s\nurl: ${server.url}\ntoken: t0k`)
  await channel.send('[1]', never)
  assert.deepEqual(
    [server.received[0]?.body, server.received[0]?.headers.authorization],
    ['{"event":"[1]"}', 'Splunk t0k'],
  )
  assert.match((await refusal(channel.send('[1]', never))).message, /answered 201/)
})

test('sentinel: the text is signed', async () => {
  const calls: HttpCall[] = []
  const channel = channelOf(
    `type: sentinel\nname: s\ncustomer_id: 1234-abcd\nshared_key: ${Buffer.from('key').toString('base64')}\nlog_type: tocsin`,
    async (call) => {
      calls.push(call)
      return { status: 200, text: '', retryAfterMs: undefined }
    },
  )
  await channel.send('[{"a":"é"}]', never)
  const [call] = calls
  const date = 'Tue, 03 Nov 2026 10:00:00 GMT'
  const text = `POST\n12\napplication/json\nx-ms-date:${date}\n/api/logs`
  const signature = createHmac('sha256', 'key').update(text).digest('base64')
  assert.equal(
    call?.url.href,
    'https://1234-abcd.ods.opinsights.azure.com/api/logs?api-version=2016-04-01',
  )
  assert.deepEqual(call?.headers, {
    'Content-Type': 'application/json',
    'Log-Type': 'tocsin',
    'x-ms-date': date,
    Authorization: `SharedKey 1234-abcd:${signature}`,
  })
})

suite('email', () => {
  const email = (port: number, more = '') =>
    channelOf(
      `type: email\nname: m\nsmtp_host: 127.0.0.1\nsmtp_port: ${port}\nencryption_type: none\nreceiver_emails: [a@x.example, b@x.example]\nsend_timeout: 1s\nconnect_timeout: 1s\n${more}`,
    )

  test('one mail to all, as HTML', async () => {
    await using server = await TestSmtpServer.start()
    await email(
      server.port,
      'sender_name: Täst\nemail_subject: "Grüße"\nhelo_host: web01.example',
    ).send('<p>héllo</p>', never)
    assert.deepEqual(
      server.commands.filter((line) => /^(?:EHLO|MAIL|RCPT|AUTH)/.test(line)),
      [
        'EHLO web01.example',
        'MAIL FROM:<crowdsec@crowdsec.local>',
        'RCPT TO:<a@x.example>',
        'RCPT TO:<b@x.example>',
      ],
    )
    const [mail = ''] = server.mails
    assert.match(mail, /^Content-Type: text\/html; charset=utf-8$/m)
    assert.match(mail, /^Subject: =\?UTF-8\?/m)
    assert.match(mail, /^To: a@x\.example, b@x\.example$/m)
    assert.match(mail, /<p>h=C3=A9llo<\/p>/)
  })

  test('with a login', async () => {
    await using server = await TestSmtpServer.start()
    await email(server.port, 'smtp_username: me\nsmtp_password: s3cret\nauth_type: plain').send(
      'x',
      never,
    )
    const login = Buffer.from('\0me\0s3cret').toString('base64')
    assert.ok(server.commands.includes(`AUTH PLAIN ${login}`))
  })

  test('a refused login is final and does not show the password', async () => {
    await using server = await TestSmtpServer.start()
    server.refusals['AUTH PLAIN'] = '535 go away'
    const refused = await refusal(
      email(server.port, 'smtp_username: me\nsmtp_password: s3cret\nauth_type: plain').send(
        'x',
        never,
      ),
    )
    assert.deepEqual([refused.code, refused.isPermanent], ['TOC_NOTIFY_REFUSED', true])
    assert.match(refused.message, /go away/)
    assert.doesNotMatch(refused.message, /s3cret|AHM/)
  })

  test('a busy server is worth another attempt', async () => {
    await using server = await TestSmtpServer.start()
    server.refusals.MAIL = '451 later'
    const refused = await refusal(email(server.port).send('x', never))
    assert.deepEqual([refused.code, refused.isPermanent], ['TOC_NOTIFY_REFUSED', false])
  })

  test('starttls is not given up when the server has none', async () => {
    await using server = await TestSmtpServer.start()
    const channel = channelOf(
      `type: email\nname: m\nsmtp_host: 127.0.0.1\nsmtp_port: ${server.port}\nencryption_type: starttls\nreceiver_emails: [a@x.example]`,
    )
    server.refusals.STARTTLS = '500 what'
    await refusal(channel.send('x', never))
    assert.deepEqual(server.mails, [])
  })

  test('nobody there', async () => {
    const refused = await refusal(email(1).send('x', never))
    assert.deepEqual([refused.code, refused.isPermanent], ['TOC_NOTIFY_UNREACHABLE', false])
  })

  test('no answer in time', async () => {
    await using server = await TestSmtpServer.start()
    server.refusals.EHLO = ''
    const refused = await refusal(email(server.port).send('x', AbortSignal.timeout(30)))
    assert.equal(refused.code, 'TOC_NOTIFY_TIMEOUT')
  })
})

suite('file', () => {
  const file = (path: string, rotate = '', clock = time) =>
    channelOf(`type: file\nname: f\nlog_path: ${path}\n${rotate}`, sendHttp, clock)

  test('texts are added, each with an end of its own', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'alerts.json')
    await file(path).send('a', never)
    await file(path).send('b\n', never)
    assert.equal(readFileSync(path, 'utf8'), 'a\nb\n')
  })

  test('a file that was moved away is made again', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'alerts.json')
    const channel = file(path)
    await channel.send('a', never)
    renameSync(path, `${path}.1`)
    await channel.send('b', never)
    assert.deepEqual(
      [readFileSync(`${path}.1`, 'utf8'), readFileSync(path, 'utf8')],
      ['a\n', 'b\n'],
    )
  })

  test('a file that is too large is put aside and packed', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'alerts.json')
    const channel = file(path, 'rotate: {enabled: true, max_size: 1, compress: true}')
    const text = `${'x'.repeat(1024 * 1024)}\n`
    await channel.send(text, never)
    await channel.send(text, never)
    await channel.send('small', never)
    assert.deepEqual(readdirSync(folder.path).sort(), [
      'alerts.json',
      'alerts.json.20261103-100000-1.gz',
      'alerts.json.20261103-100000.gz',
    ])
    const packed = readFileSync(join(folder.path, 'alerts.json.20261103-100000.gz'))
    assert.equal(gunzipSync(packed).toString(), text)
    assert.equal(readFileSync(path, 'utf8'), 'small\n')
  })

  test('of the files put aside the newest stay, and none is too old', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'alerts.json')
    for (const day of ['01', '02', '03']) {
      const name = `${path}.202611${day}-000000`
      writeFileSync(name, day)
      const at = Date.UTC(2026, 10, Number(day)) / 1000
      utimesSync(name, at, at)
    }
    writeFileSync(`${path}.mine`, 'not ours')
    const now = new TestTime()
    const text = 'x'.repeat(1024 * 1024)
    await file(path, 'rotate: {enabled: true, max_size: 1, max_files: 3}', now).send(text, never)
    assert.deepEqual(readdirSync(folder.path).sort(), [
      'alerts.json.20261102-000000',
      'alerts.json.20261103-000000',
      'alerts.json.20261103-100000',
      'alerts.json.mine',
    ])
    await now.advance(1000)
    await file(path, 'rotate: {enabled: true, max_size: 1, max_age: 1}', now).send(text, never)
    assert.ok(!readdirSync(folder.path).includes('alerts.json.20261102-000000'))
  })

  test('a link that anybody could have put there is not followed', async () => {
    using folder = temporaryFolder()
    const open = join(folder.path, 'open')
    mkdirSync(open)
    chmodSync(open, 0o1777)
    symlinkSync(join(folder.path, 'victim'), join(open, 'alerts.json'))
    const refused = await refusal(file(join(open, 'alerts.json')).send('x', never))
    assert.equal(refused.code, 'TOC_NOTIFY_WRITE')
    assert.deepEqual(readdirSync(folder.path), ['open'])
  })
})
