import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { failedLogins, temporaryFolder, tocsin } from './cli.test-support.ts'

const logins = failedLogins('192.0.2.9', 30)

async function replayJson(args: readonly string[], stdin?: string) {
  const { code, out, err } = await tocsin(['replay', '-o', 'json', ...args], stdin)
  return { code, err, report: JSON.parse(out) }
}

suite('tocsin replay', () => {
  test('the sample tells who attacked', async () => {
    const { code, out } = await tocsin([])
    assert.equal(code, 0)
    assert.match(out, /192\.0\.2\.9\s+ban 4h/)
    assert.match(out, /tocsin\/ssh-bf/)
    assert.doesNotMatch(out, /203\.0\.113\.19/, 'who mistyped a password once')
  })

  test('JSON has what scripts rely on', async () => {
    const { code, report } = await replayJson(['-'], logins)
    assert.equal(code, 0)
    assert.deepEqual(
      [report.lines, report.parsed, report.unparsed, typeof report.seconds],
      [30, 30, 0, 'number'],
    )
    assert.equal(report.sources[0].type, 'syslog')
    assert.equal(report.sources[0].type_guessed, true)
    const alert = report.alerts.find(
      (one: { scenario: string }) => one.scenario === 'tocsin/ssh-bf',
    )
    assert.deepEqual([alert.source.scope, alert.source.value], ['Ip', '192.0.2.9'])
    assert.ok(alert.events_count > 1)
    assert.match(alert.start_at, /^2026-11-03T06:00:/)
    const decision = report.decisions.find((one: { value: string }) => one.value === '192.0.2.9')
    assert.deepEqual([decision.scope, decision.type, decision.duration], ['Ip', 'ban', '4h'])
  })

  test('gzip, zstd, CRLF and plain tell the same', async () => {
    using folder = temporaryFolder()
    const forms: Record<string, Buffer | string> = {
      'auth.log': logins,
      'auth.log.gz': gzipSync(logins),
      'auth.zst': zstdCompressSync(Buffer.from(logins)),
      'crlf.log': logins.replaceAll('\n', '\r\n'),
    }
    const alerts: unknown[] = []
    for (const [name, bytes] of Object.entries(forms)) {
      const path = join(folder.path, name)
      writeFileSync(path, bytes)
      const { report } = await replayJson([path])
      alerts.push(report.alerts.map((one: { source: object; stop_at: string }) => one.stop_at))
    }
    assert.deepEqual(alerts, [alerts[0], alerts[0], alerts[0], alerts[0]])
  })

  test('two runs give the same alerts, undated lines and all', async () => {
    const text = `${logins}no time here\n`
    const first = await replayJson(['--type', 'syslog', '-'], text)
    const second = await replayJson(['--type', 'syslog', '-'], text)
    assert.deepEqual(first.report.alerts, second.report.alerts)
  })
})

suite('bad input costs only itself', () => {
  const cases: Record<string, [bytes: Buffer | string, expected: Record<string, unknown>]> = {
    'a 10 MiB line': [`${'x'.repeat(10 << 20)}\n${logins}`, { lines: 31, truncated: 1 }],
    'NUL bytes': [`${'\0'.repeat(500)}\n${logins}`, { lines: 31, truncated: 0 }],
    'invalid UTF-8': [
      Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a]), Buffer.from(logins)]),
      { lines: 31, truncated: 0 },
    ],
    'a log that goes back in time': [
      logins.split('\n').reverse().join('\n'),
      { lines: 30, truncated: 0 },
    ],
  }
  for (const [name, [bytes, expected]] of Object.entries(cases)) {
    test(name, async () => {
      using folder = temporaryFolder()
      const path = join(folder.path, 'auth.log')
      writeFileSync(path, bytes)
      const { code, report } = await replayJson(['--type', 'syslog', path])
      assert.equal(code, 0)
      const { lines, truncated } = report.sources[0]
      assert.deepEqual({ lines, truncated }, expected)
      assert.equal(report.parsed, 30)
      assert.ok(report.decisions.length > 0)
    })
  }

  test('a cut gzip file: what came before counts, and the rest of the run goes on', async () => {
    using folder = temporaryFolder()
    const cut = join(folder.path, 'cut.gz')
    const whole = join(folder.path, 'whole.log')
    const long = failedLogins('192.0.2.10', 20_000)
    writeFileSync(cut, gzipSync(long).subarray(0, -3000))
    writeFileSync(whole, logins)
    const { code, err, report } = await replayJson(['--type', 'syslog', cut, whole])
    assert.equal(code, 1)
    assert.match(err, /cut\.gz is cut or damaged/)
    assert.ok(report.sources[0].lines > 0)
    assert.equal(report.sources[1].lines, 30)
  })

  test('missing, empty and a directory, each named, the good one read', async () => {
    using folder = temporaryFolder()
    const empty = join(folder.path, 'empty.log')
    const good = join(folder.path, 'auth.log')
    writeFileSync(empty, '')
    writeFileSync(good, logins)
    const missing = join(folder.path, 'missing.log')
    const { code, err, report } = await replayJson([missing, folder.path, empty, good])
    assert.equal(code, 1)
    assert.match(err, /missing\.log does not exist/)
    assert.match(err, /is a directory, not a log file/)
    assert.match(err, /empty\.log: it has no lines/)
    assert.equal(report.lines, 30)
  })

  test('a type nobody can guess', async () => {
    const { code, err } = await replayJson(['-'], 'lorem ipsum\ndolor sit\n')
    assert.equal(code, 1)
    assert.match(err, /no parser takes these lines; give --type/)
  })

  test('a pattern that explodes elsewhere takes its time linearly here', async () => {
    using folder = temporaryFolder()
    const rule = join(folder.path, 's00-raw', 'boom.yaml')
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(folder.path, 's00-raw'))
    writeFileSync(
      rule,
      "name: boom\ngrok: {pattern: '^(\\w+\\s?)*%{WORD:w}$', apply_on: Line.Raw}\n",
    )
    const log = `${'a'.repeat(60_000)}!\n`.repeat(20)
    const startedMs = performance.now()
    const { report } = await replayJson(['--rules', folder.path, '--type', 'x', '-'], log)
    assert.equal(report.lines, 20)
    assert.ok(performance.now() - startedMs < 5000)
  })
})

suite('tocsin explain', () => {
  test('a line and what every node made of it', async () => {
    const line = logins.split('\n')[0] ?? ''
    const { code, out } = await tocsin(['explain', '--type', 'syslog', '--log', line])
    assert.equal(code, 0)
    assert.match(out, /s00-raw[\s\S]*✓ tocsin\/syslog[\s\S]*s01-parse[\s\S]*✓ tocsin\/sshd/)
    assert.match(out, /parsed[\s\S]*✓ tocsin\/ssh-bf/)
  })

  test('a line that just misses: where the pattern stopped and what it wanted', async () => {
    const line =
      '2026-11-03T06:00:00+00:00 web01 sshd[1]: Failed password for root from nowhere port x ssh2'
    const { code, out } = await tocsin(['explain', '--type', 'syslog', '--log', line, '-o', 'json'])
    assert.equal(code, 0)
    const [explained] = JSON.parse(out).lines
    assert.equal(explained.verdict, 'unparsed')
    const misses = JSON.stringify(explained.nodes).match(/"expected":/g)
    assert.ok(misses && misses.length > 0)
  })

  test('a line cannot drive the terminal', async () => {
    const { out } = await tocsin(['explain', '--type', 'syslog', '--log', 'a\x1b[2Jb\u202ec'])
    assert.doesNotMatch(out, /[\x1b\u202e]/)
    assert.match(out, /a\\u001b\[2Jb\\u202ec/)
  })
})

suite('tocsin check', () => {
  test('our own rules are right', async () => {
    const { code, out } = await tocsin(['check'])
    assert.equal(code, 0)
    assert.match(out, /0 errors, 0 warnings, 0 slow patterns/)
  })

  test('a mistake is shown with its place, and ends with status 1', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'bad.yaml')
    writeFileSync(
      path,
      'type: leaky\nname: me/bad\ndescription: d\nfilter: evt.Meta.x == "y"\ncapacity: 5\nleakspeed: 0s\n',
    )
    const { code, out } = await tocsin(['check', path])
    assert.equal(code, 1)
    assert.match(out, /bad\.yaml:6:12: /)
    assert.match(out, / {2}6 \| leakspeed: 0s\n {4}\| {12}\^\^/)
  })
})

suite('the command line itself', () => {
  test('--version', async () => {
    assert.match((await tocsin(['--version'])).out, /^tocsin \d+\.\d+\.\d+\n$/)
  })

  test('an unknown command suggests the nearest', async () => {
    const { code, err } = await tocsin(['replya', 'x.log'])
    assert.notEqual(code, 0)
    assert.match(err, /replay/)
  })

  test('an unknown option suggests the nearest', async () => {
    const { code, err } = await tocsin(['replay', '--typ', 'syslog'])
    assert.notEqual(code, 0)
    assert.match(err, /--type/)
  })

  test('hubtest without names says what it needs', async () => {
    const { code, err } = await tocsin(['hubtest', 'run'])
    assert.equal(code, 2)
    assert.match(err, /--all/)
  })

  test('hubtest run -o json lists tests with their failures', async () => {
    const { code, out } = await tocsin(['hubtest', 'run', 'ssh-bf', '-o', 'json'])
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(out), {
      tests: [{ name: 'ssh-bf', passed: true, failures: [] }],
      passed: 1,
      failed: 0,
    })
  })
})
