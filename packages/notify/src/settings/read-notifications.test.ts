import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { readGood, testAlert, testServices } from '../notify.test-support.ts'
import { readNotificationDirectory, readNotifications } from './read-notifications.ts'

const variables = { OPS_TOKEN: 'hunter2-and-more', PORT: '2525', FORMAT: 'never' }
const services = { ...testServices, variables }

test('an http file as others write it', () => {
  const [ops] = readGood(
    `
type: http
name: ops_http
log_level: info
format: '{{ . | toJson }}'
url: https://ops.example/hook/T0KEN-of-mine
method: POST
headers: { Authorization: "Bearer $OPS_TOKEN", Content-Type: application/json }
group_wait: 30s
group_threshold: 20
max_retry: 3
timeout: 20s
`,
    services,
  )
  assert.ok(ops?.target.type === 'http')
  assert.deepEqual(ops.target.headers, {
    Authorization: 'Bearer hunter2-and-more',
    'Content-Type': 'application/json',
  })
  assert.deepEqual(
    [ops.name, ops.groupWaitMs, ops.groupThreshold, ops.maxRetries, ops.timeoutMs, ops.takesAlarms],
    ['ops_http', 30_000, 20, 3, 20_000, false],
  )
  assert.deepEqual(ops.shown.headers, {
    Authorization: 'Bearer $OPS_TOKEN',
    'Content-Type': 'application/json',
  })
  assert.equal(ops.shown.url, 'https://ops.example/********')
  assert.ok(ops.secrets.includes('Bearer hunter2-and-more'))
  assert.ok(ops.secrets.includes('T0KEN-of-mine'))
})

test('an e-mail file as others write it: empty values keep their default, variables are numbers too', () => {
  const [mail] = readGood(
    `
type: email
name: email_default
timeout: 20s
format: |
  {{range . -}}
  <p>{{.GetValue}} {{env "OPS_TOKEN"}} $FORMAT</p>
  {{end -}}
smtp_host: mail.example
smtp_username:
smtp_password: $OPS_TOKEN
smtp_port: $PORT
auth_type: login
sender_name: "CrowdSec"
sender_email: me@example.com
email_subject: "Notification"
receiver_emails:
  - a@example.com
  - b@example.com
encryption_type: "ssltls"
`,
    services,
  )
  assert.ok(mail?.target.type === 'email')
  const { port, username, password, receivers, heloHost, connectTimeoutMs } = mail.target
  assert.deepEqual(
    [port, username, password, receivers, heloHost, connectTimeoutMs],
    [2525, '', 'hunter2-and-more', ['a@example.com', 'b@example.com'], 'localhost', 10_000],
  )
  assert.equal(mail.takesAlarms, true)
  // The environment reaches a template through `env` alone.
  assert.match(mail.template.render([testAlert()]), /192\.0\.2\.9 hunter2-and-more \$FORMAT/)
  assert.equal(mail.shown.smtp_password, '$OPS_TOKEN')
})

test('several documents; empty ones do not count', () => {
  const found = readGood(`
---
# nothing
---
type: slack
name: chat
webhook: https://hooks.example/services/T000/B000/XXXXXXXX
---
type: splunk
name: splunk
url: https://splunk.example:8088/services/collector
token: abcdef
---
type: sentinel
name: sentinel
customer_id: 1234-abcd
shared_key: c2VjcmV0
log_type: tocsin
---
type: file
name: file
log_path: /tmp/alerts.json
rotate: { enabled: true, max_size: 500, max_files: 5, max_age: 5, compress: true }
`)
  assert.deepEqual(
    found.map(({ name, target, place }) => [name, target.type, place]),
    [
      ['chat', 'slack', 'ops.yaml:5'],
      ['splunk', 'splunk', 'ops.yaml:9'],
      ['sentinel', 'sentinel', 'ops.yaml:14'],
      ['file', 'file', 'ops.yaml:20'],
    ],
  )
  const [chat, splunk, sentinel] = found
  assert.deepEqual(
    [chat?.shown.webhook, splunk?.shown.token, sentinel?.shown.shared_key],
    ['https://hooks.example/********', '********', '********'],
  )
})

suite('problems as users see them', () => {
  const cases: Record<string, string> = {
    'name: x\nurl: http://h': `ops.yaml:1:1: notification needs the key "type" [TOC_NOTIFY_REQUIRED]
  1 | name: x
    | ^^^^`,
    'type: htp\nname: x': `ops.yaml:1:7: unknown notification type "htp" [TOC_NOTIFY_TYPE]
  1 | type: htp
    |       ^^^
  hint: did you mean "http"?`,
    '- a': `ops.yaml:1:1: a notification must be a map, not a list [TOC_NOTIFY_KIND]
  1 | - a
    | ^^^`,
    'type: file\nname: f\nlog_path: /x\nlog_pth: /y': `ops.yaml:4:1: unknown notification key "log_pth" [TOC_YAML_UNKNOWN_KEY]
  4 | log_pth: /y
    | ^^^^^^^
  hint: did you mean "log_path"?`,
    'type: file\nname: f\nlog_path: /x\ntimeout: soon': `ops.yaml:4:10: "timeout" must be a duration, not "soon" [TOC_NOTIFY_VALUE]
  4 | timeout: soon
    |          ^^^^
  hint: such as 30s or 5m`,
    'type: http\nname: h\nurl: ops.example\nmethod: POST': `ops.yaml:3:6: "url" must begin with http:// or https:// and a host [TOC_NOTIFY_VALUE]
  3 | url: ops.example
    |      ^^^^^^^^^^^`,
    'type: http\nname: h\nurl: http://h/': `ops.yaml:1:1: warning: the method is GET, which most receivers take without its text [TOC_NOTIFY_METHOD]
  1 | type: http
    | ^^^^
  hint: write method: POST`,
    'type: http\nname: h\nurl: http://h/\nmethod: POST\nheaders: {"a b": c}': `ops.yaml:5:18: "a b" cannot be sent as a header [TOC_NOTIFY_VALUE]
  5 | headers: {"a b": c}
    |                  ^`,
    "type: file\nname: f\nlog_path: /x\nformat: '{{range .}}{{.Scenario | uper}}{{end}}'": `ops.yaml:4:35: there is no function "uper" [TOC_NOTIFY_TEMPLATE_FUNCTION]
  4 | format: '{{range .}}{{.Scenario | uper}}{{end}}'
    |                                   ^^^^
  hint: did you mean "upper"?`,
    'type: file\nname: f\nlog_path: /x\nformat: |\n  {{range .}}\n  {{.Sorce.IP}}\n  {{end}}': `ops.yaml:6:5: warning: the template fails for a sample alert: Alert has no field "Sorce" [TOC_NOTIFY_RENDER]
  6 |   {{.Sorce.IP}}
    |     ^^^^^^^^^
  hint: did you mean ".Source"?`,
    'type: email\nname: m\nsmtp_host: h\nsend_timeout: x\nreceiver_emails: [a@b.example]': `ops.yaml:4:15: warning: "send_timeout" must be a duration, not "x": 10s is used [TOC_NOTIFY_VALUE]
  4 | send_timeout: x
    |               ^`,
    'type: file\nname: f\nlog_path: /x\nquiet_hours: {from: "25:00", to: "07:00"}': `ops.yaml:4:21: "from" must be a time of day, not "25:00" [TOC_NOTIFY_VALUE]
  4 | quiet_hours: {from: "25:00", to: "07:00"}
    |                     ^^^^^^^
  hint: such as "22:00"`,
    'type: sentinel\nname: s\ncustomer_id: a/../b\nshared_key: "!!"\nlog_type: t': `ops.yaml:3:14: "customer_id" must be the id of a workspace [TOC_NOTIFY_VALUE]
  3 | customer_id: a/../b
    |              ^^^^^^`,
    'type: file\nname: a\nname: b\nlog_path: /x': `ops.yaml:3:1: key "name" occurs twice [TOC_YAML_DUPLICATE_KEY]
  3 | name: b
    | ^^^^
  hint: it is already set in line 2: keep one of them`,
  }
  for (const [yaml, expected] of Object.entries(cases)) {
    test(expected.split('\n', 1)[0] ?? '', () => {
      const problems = new Problems()
      readNotifications(new SourceText('ops.yaml', yaml), testServices, problems)
      assert.equal(problems.list.map(formatProblem).join('\n'), expected)
    })
  }
})

test('no problem shows a secret', () => {
  const problems = new Problems()
  const yaml = 'type: http\nname: x\nurl: ftp://u:$OPS_TOKEN@h/\nmethod: $OPS_TOKEN'
  readNotifications(new SourceText('ops.yaml', yaml), services, problems)
  assert.equal(problems.errorCount, 2)
  // What the file says is shown, not what its variables are.
  assert.doesNotMatch(problems.list.map(formatProblem).join('\n'), /hunter2/i)
})

suite('directories', () => {
  test('files in order, the last of a name counts, other files and folders do not', () => {
    const path = mkdtempSync(join(tmpdir(), 'tocsin-notify-'))
    try {
      const file = (name: string, log: string) => `type: file\nname: ${name}\nlog_path: ${log}\n`
      writeFileSync(join(path, 'b.yaml'), file('same', '/second'))
      writeFileSync(join(path, 'a.yml'), file('same', '/first'))
      writeFileSync(join(path, 'a.yaml.bak'), 'nonsense: [')
      mkdirSync(join(path, 'sub.yaml'))
      const problems = new Problems()
      const found = readNotificationDirectory(path, testServices, problems)
      assert.deepEqual(
        found.map(({ target }) => target.type === 'file' && target.path),
        ['/second'],
      )
      assert.deepEqual(
        problems.list.map(({ code, severity }) => [severity, code]),
        [['warning', 'TOC_NOTIFY_DUPLICATE']],
      )
    } finally {
      rmSync(path, { recursive: true })
    }
  })

  test('one that is not there holds none', () => {
    const problems = new Problems()
    assert.deepEqual(readNotificationDirectory('/nonexistent/x', testServices, problems), [])
    assert.deepEqual(problems.list, [])
  })

  test('a file that cannot be read is a problem', {
    skip: process.getuid?.() === 0 && 'root reads everything',
  }, () => {
    const path = mkdtempSync(join(tmpdir(), 'tocsin-notify-'))
    try {
      writeFileSync(join(path, 'a.yaml'), 'type: file')
      chmodSync(join(path, 'a.yaml'), 0)
      const problems = new Problems()
      readNotificationDirectory(path, testServices, problems)
      assert.deepEqual(
        problems.list.map(({ code }) => code),
        ['TOC_NOTIFY_READ'],
      )
    } finally {
      rmSync(path, { recursive: true })
    }
  })
})
