import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { AlertLoad, assertSound } from './support/alert-load.ts'
import { LapiProcess } from './support/lapi-process.ts'
import { createPostgresqlDatabase } from './support/postgresql-database.ts'
import { run } from './support/run.ts'
import { alertBody, banBody } from './support/samples.ts'
import { TemporaryFolder } from './support/temporary-folder.ts'
import { waitFor } from './support/wait-for.ts'

type Headers = Readonly<Record<string, string>>

suite('what a Local API comes back from by itself', { concurrency: false }, async () => {
  test('the database goes and comes back', { timeout: 120_000 }, async (t) => {
    const database = await createPostgresqlDatabase()
    if (typeof database === 'string') {
      console.error(`database gone: skipped, ${database}`)
      return t.skip(database)
    }
    await using _database = database
    await using lapi = await LapiProcess.create('gone', { database: database.settings })
    const { machine, bouncer } = await startKnown(lapi)
    const load = new AlertLoad()
    await using running = load.start(lapi, machine)
    for (let i = 0; i < 10; i++) {
      await delay(200)
      await database.endConnections()
      assert.ok(!lapi.hasEnded, `it ended with its connections: ${lapi.log.slice(-900)}`)
    }
    await database.allowConnections(false)
    await database.endConnections()
    await waitFor('it says that it is not ready', async () => (await ready(lapi)) === 503).catch(
      (e) => {
        writeFile('/tmp/gone.log', lapi.log)
        throw e
      },
    )
    await delay(1_500)
    const known = load.acknowledged.keys().next().value ?? ''
    const asked = await lapi.request('GET', `/v1/decisions?ip=${known}`, { headers: bouncer })
    assert.equal(asked.status, 200, 'bouncers are answered from memory meanwhile')
    assert.match(asked.text, /"value":\s*"11\./)
    const gone = load.acknowledged.size
    await database.allowConnections(true)
    const backMs = performance.now()
    await waitFor('alerts are taken again', () => load.acknowledged.size > gone + 10)
    const tookMs = Math.round(performance.now() - backMs)
    assert.equal(await ready(lapi), 200)
    await running[Symbol.asyncDispose]()
    await load.check(lapi, machine, bouncer)
    console.error(`database gone: ${load.summary}; back after ${tookMs} ms`)
    const complaints = new Set(
      errorsOf(lapi).map((line) => line.replace(/^\S+ /, '').slice(0, 160)),
    )
    console.error(`  the log: ${[...complaints].slice(0, 6).join('\n           ')}`)
    assert.match(lapi.log, /terminating connection|not currently accepting|Connection terminated/)
  })

  test('the disk is full, then it is not', { timeout: 120_000 }, async (t) => {
    await using folder = await TemporaryFolder.create('full')
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder.folder])
    } catch {
      const reason = 'a small disk to fill needs the right to mount one'
      console.error(`disk full: skipped, ${reason}`)
      return t.skip(reason)
    }
    try {
      await using lapi = await LapiProcess.create('full', { dataFolder: folder.folder })
      const { machine, bouncer } = await startKnown(lapi)
      const load = new AlertLoad()
      await using running = load.start(lapi, machine, 2)
      await waitFor('some alerts are taken', () => load.acknowledged.size > 10)
      // Fails when the disk is full, as it shall.
      await writeFile(folder.path('ballast'), Buffer.alloc(32_000_000)).catch(() => {})
      await waitFor('alerts are refused', () => (load.failures.get('500') ?? 0) > 3)
      const known = load.acknowledged.keys().next().value ?? ''
      const asked = await lapi.request('GET', `/v1/decisions?ip=${known}`, { headers: bouncer })
      assert.equal(asked.status, 200, 'bouncers are answered meanwhile')
      await delay(1_500)
      assert.equal((await lapi.request('GET', '/health')).status, 200)
      const full = load.acknowledged.size
      await rm(folder.path('ballast'))
      const freedMs = performance.now()
      await waitFor('alerts are taken again', () => load.acknowledged.size > full + 10)
      const tookMs = Math.round(performance.now() - freedMs)
      await running[Symbol.asyncDispose]()
      await load.check(lapi, machine, bouncer)
      await lapi.kill()
      await lapi.start()
      assertSound(folder.path('tocsin.db'))
      await load.check(lapi, await lapi.machineHeaders(), bouncer)
      console.error(`disk full: ${load.summary}; back after ${tookMs} ms`)
      assert.ok(/full/.test(lapi.log), `the log says why: ${errorsOf(lapi)[0]?.slice(0, 300)}`)
      console.error(`  the log: ${/.*full.*/.exec(lapi.log)?.[0].slice(0, 200)}`)
    } finally {
      await run('umount', ['-l', folder.folder])
    }
  })

  test('thousands of idle connections, and many that send a byte a second', {
    timeout: 120_000,
  }, async () => {
    await using lapi = await LapiProcess.create('idle')
    const { machine, bouncer } = await startKnown(lapi)
    const limit = Number(await run('sh', ['-c', 'ulimit -n']))
    const wanted = Number(process.env.TOCSIN_IDLE_CONNECTIONS ?? 5_000)
    const count = Math.min(wanted, limit - 500)
    if (count < wanted)
      console.error(`only ${count} connections: a process may have ${limit} files`)
    const beforeBytes = await residentBytes(lapi)
    const sockets = await connectMany(lapi.port, count, () => '')
    const slow = await connectMany(lapi.port, 200, (i) =>
      i % 2 === 0
        ? 'GET /health HTTP/1.1\r\nhost: x\r\nx-slow: '
        : 'POST /v1/watchers/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n{',
    )
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('a')
    }, 1_000)
    const open = (list: readonly Socket[]) => list.filter((socket) => !socket.destroyed).length
    assert.equal(open(sockets), count)
    const heldBytes = await residentBytes(lapi)
    const latencies = await measure(lapi, machine, bouncer)
    console.error(
      `${count} idle and ${slow.length} slow connections: ${megabytes(heldBytes - beforeBytes)} MB, ` +
        `a request took ${latencies}`,
    )
    const startMs = performance.now()
    await waitFor('the idle ones are shown out', () => open(sockets) === 0, 40_000)
    const headers = slow.filter((_, i) => i % 2 === 0)
    await waitFor('slow headers are shown out', () => open(headers) === 0, 40_000)
    console.error(`  shown out after ${Math.round(performance.now() - startMs)} ms`)
    clearInterval(drip)
    await waitFor('the log tells', () => lapi.log.includes('sent nothing in time'))
    for (const socket of [...sockets, ...slow]) socket.destroy()
    await measure(lapi, machine, bouncer)
  })

  test('more connections than the system allows', { timeout: 60_000 }, async () => {
    await using lapi = await LapiProcess.create('files', { shell: 'ulimit -n 200' })
    const { machine, bouncer } = await startKnown(lapi)
    const sockets = await connectMany(lapi.port, 400, () => '')
    await delay(1_000)
    for (const socket of sockets) socket.destroy()
    const startMs = performance.now()
    await waitFor('it answers again', async () => (await ready(lapi)) === 200)
    const tookMs = Math.round(performance.now() - startMs)
    console.error(
      `400 connections where 200 files are allowed: answers ${tookMs} ms after they end`,
    )
    assert.ok(tookMs < 5_000, 'not only when those that left would have timed out')
    await measure(lapi, machine, bouncer)
  })

  for (const hours of [1, -1]) {
    test(`the clock is stepped by ${hours} h`, { timeout: 60_000 }, async () => {
      await using folder = await TemporaryFolder.create('clock')
      const step = folder.path('step')
      const env = await steppedClock(folder, step)
      await using lapi = await LapiProcess.create('clock', { env })
      const { machine, bouncer } = await startKnown(lapi)
      await post(lapi, machine, '13.0.0.1', '4h')
      await post(lapi, machine, '13.0.0.2', '30m')
      // Whoever has failed too often must not be kept out for an hour by the step.
      for (let i = 0; i < 11; i++) await lapi.login('wrong', 'someone')
      await writeFile(step, String(hours * 3_600_000))
      await delay(1_500)
      const again = await lapi.machineHeaders()
      await post(lapi, again, '13.0.0.3', '4h')
      await waitFor('who failed may try again', async () => {
        return (await lapi.login('wrong', 'someone')).status === 401
      })
      const live = await streamedAddresses(lapi, bouncer)
      const expected = hours > 0 ? ['13.0.0.1', '13.0.0.3'] : ['13.0.0.1', '13.0.0.2', '13.0.0.3']
      assert.deepEqual(live, expected)
      await writeFile(step, '0')
      await delay(1_500)
      const back = await lapi.machineHeaders()
      await post(lapi, back, '13.0.0.4', '4h')
      assert.ok((await streamedAddresses(lapi, bouncer)).includes('13.0.0.4'))
      const delta = await lapi.request('GET', '/v1/decisions/stream', { headers: bouncer })
      assert.equal(delta.status, 200)
      assert.equal(await ready(lapi), 200)
      assert.deepEqual(errorsOf(lapi), [])
    })
  }

  test('wrong keys and passwords at a high rate', { timeout: 60_000 }, async () => {
    await using lapi = await LapiProcess.create('keys')
    const { machine, bouncer } = await startKnown(lapi)
    const quiet = await measure(lapi, machine, bouncer)
    const ended = new AbortController()
    const statuses = new Map<string, number>()
    const replies = new Set<string>()
    const attack = async (worker: number): Promise<void> => {
      for (let i = 0; !ended.signal.aborted; i++) {
        const reply = await wrongRequest(lapi, worker, i)
        const { status, text } = reply
        statuses.set(`${status}`, (statuses.get(`${status}`) ?? 0) + 1)
        replies.add(`${status} ${text}`)
      }
    }
    const startMs = performance.now()
    const running = Promise.all(Array.from({ length: 12 }, (_, worker) => attack(worker)))
    await delay(2_000)
    const loud = await measure(lapi, machine, bouncer)
    ended.abort()
    await running
    const seconds = (performance.now() - startMs) / 1000
    const total = [...statuses.values()].reduce((sum, n) => sum + n, 0)
    const shown = [...statuses].map(([status, n]) => `${status}: ${n}`).join(', ')
    console.error(`${Math.round(total / seconds)} wrong requests/s (${shown})`)
    console.error(`  to others a request took ${quiet} before, ${loud} meanwhile`)
    assert.deepEqual(
      [...replies].sort(),
      [
        '401 {"code":401,"message":"incorrect Username or Password"}',
        '401 {"code":401,"message":"signature is invalid"}',
        '403 {"message":"access forbidden"}',
        '429 {"code":429,"message":"too many failed logins"}',
      ],
      'known and unknown names are answered alike',
    )
    const checked = lapi.log.split('\n').filter((line) => line.includes('login refused')).length
    assert.ok(checked <= 70 + seconds, `${checked} passwords were checked`)
    const logged = lapi.log.split('\n').length
    assert.ok(logged < 200, `${logged} lines in the log`)
    assert.doesNotMatch(lapi.log, /wrong-password|wrong-key/)
    await measure(lapi, machine, bouncer)
  })
})

async function startKnown(lapi: LapiProcess): Promise<{ machine: Headers; bouncer: Headers }> {
  await lapi.addMachine()
  const bouncer = await lapi.addBouncer('wall')
  await lapi.start()
  return { machine: await lapi.machineHeaders(), bouncer }
}

async function ready(lapi: LapiProcess): Promise<number> {
  return (await lapi.request('GET', '/ready')).status
}

function errorsOf(lapi: LapiProcess): string[] {
  return lapi.log.split('\n').filter((line) => line.includes(' error '))
}

async function post(
  lapi: LapiProcess,
  headers: Headers,
  address: string,
  duration: string,
): Promise<void> {
  const sent = alertBody(address, { decisions: [banBody(address, { duration })] })
  const reply = await lapi.request('POST', '/v1/alerts', { headers, body: JSON.stringify([sent]) })
  assert.equal(reply.status, 201, reply.text)
}

async function streamedAddresses(lapi: LapiProcess, headers: Headers): Promise<string[]> {
  const reply = await lapi.request('GET', '/v1/decisions/stream?startup=true', { headers })
  assert.equal(reply.status, 200)
  const found = JSON.parse(reply.text).new as readonly { readonly value: string }[]
  return found.map(({ value }) => value).sort()
}

/** Asks as a bouncer and as a machine, on new connections; `median 2 ms, worst 9 ms`. */
async function measure(lapi: LapiProcess, machine: Headers, bouncer: Headers): Promise<string> {
  const tookMs: number[] = []
  for (let i = 0; i < 40; i++) {
    const startMs = performance.now()
    const asked =
      i % 2 === 0
        ? await lapi.request('GET', '/v1/decisions?ip=13.0.0.1', {
            headers: { ...bouncer, connection: 'close' },
          })
        : await lapi.request('GET', '/v1/heartbeat', {
            headers: { ...machine, connection: 'close' },
          })
    assert.equal(asked.status, 200, asked.text)
    tookMs.push(performance.now() - startMs)
  }
  tookMs.sort((a, b) => a - b)
  const [median = 0, worst = 0] = [tookMs[20], tookMs.at(-1)]
  assert.ok(worst < 1_000, `a request took ${worst} ms`)
  return `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`
}

/** Every third a bouncer's key, a password of a known or an unknown machine, a token. */
function wrongRequest(lapi: LapiProcess, worker: number, i: number) {
  if (worker % 3 === 0) {
    const headers = { 'x-api-key': `wrong-key-${worker}-${i}` }
    return lapi.request('GET', '/v1/decisions/stream?startup=true', { headers })
  }
  if (worker % 3 === 1) {
    return lapi.login(`wrong-password-${i}`, worker % 2 === 0 ? 'stranger' : 'operator')
  }
  const claims = Buffer.from('{"id":"operator","exp":9999999999}').toString('base64url')
  const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
  const headers = { authorization: `Bearer ${head}.${claims}.wrong${i}` }
  return lapi.request('GET', '/v1/alerts', { headers })
}

/** Opens connections that send `first(i)` and nothing else. */
async function connectMany(
  port: number,
  count: number,
  first: (i: number) => string,
): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let i = 0; i < count; i += 250) {
    const some = Array.from({ length: Math.min(250, count - i) }, (_, k) => {
      const socket = connect({ port, host: '127.0.0.1' })
      // Being shown out may look like an error here.
      socket.on('error', () => socket.destroy())
      socket.on('data', () => {})
      const text = first(i + k)
      if (text !== '') socket.write(text)
      return socket
    })
    await Promise.all(some.map((socket) => once(socket, 'connect')))
    sockets.push(...some)
  }
  return sockets
}

async function residentBytes({ pid }: LapiProcess): Promise<number> {
  const text = await run('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(text) * 1024
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

/** Settings that make a program's wall clock wrong by the milliseconds in a file, whenever it changes. */
async function steppedClock(
  folder: TemporaryFolder,
  step: string,
): Promise<{ NODE_OPTIONS: string }> {
  await writeFile(step, '0')
  const preload = await folder.write(
    'step.mjs',
    `import { readFileSync } from 'node:fs'
const now = Date.now
let stepMs = 0
Date.now = () => now() + stepMs
setInterval(() => { stepMs = Number(readFileSync(${JSON.stringify(step)}, 'utf8')) }, 50).unref()
`,
  )
  return { NODE_OPTIONS: `--import=${preload}` }
}
