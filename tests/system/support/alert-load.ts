import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import type { LapiProcess } from './lapi-process.ts'
import { alertBody, banBody } from './samples.ts'

type Headers = Readonly<Record<string, string>>

/**
 * What servers acknowledged while alerts were posted and decisions deleted, to be compared with what
 * they know later. Every alert is about an address of its own and is sent once.
 */
export class AlertLoad {
  /** The id of each acknowledged alert by the address it is about. */
  readonly acknowledged = new Map<string, string>()
  /** Addresses whose decision was deleted, acknowledged. */
  readonly ended = new Set<string>()
  /** Addresses whose deletion was asked for: it may have happened. */
  readonly asked = new Set<string>()
  /** Answers that were neither: by status, or `lost` without any. */
  readonly failures = new Map<string, number>()
  #sent = 0

  /** Posts alerts side by side until `signal`; every seventh decision is deleted again. */
  async run(lapi: LapiProcess, headers: Headers, signal: AbortSignal, workers = 6): Promise<void> {
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          await this.#one(lapi, headers)
        } catch {
          // The server was killed under it, or is away: what the test is about.
          this.#count('lost')
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }
    }
    await Promise.all(Array.from({ length: workers }, work))
  }

  /** As `run`, until the returned is disposed, whatever becomes of the test meanwhile. */
  start(lapi: LapiProcess, headers: Headers, workers?: number): AsyncDisposable {
    const ended = new AbortController()
    const running = this.run(lapi, headers, ended.signal, workers)
    return {
      async [Symbol.asyncDispose]() {
        ended.abort()
        await running
      },
    }
  }

  /** Compares with what a server knows now. */
  async check(lapi: LapiProcess, machine: Headers, bouncer: Headers): Promise<void> {
    const listed = await lapi.request('GET', '/v1/alerts?limit=0', { headers: machine })
    assert.equal(listed.status, 200, listed.text.slice(0, 300))
    const rows = (JSON.parse(listed.text) ?? []) as readonly AlertRow[]
    const byAddress = Map.groupBy(rows, (row) => row.source.value)
    for (const [address, found] of byAddress) {
      assert.equal(found.length, 1, `${address}: one alert, not ${found.length}`)
      assert.equal(found[0]?.decisions?.length, 1, `${address}: no alert in half`)
    }
    for (const [address, id] of this.acknowledged) {
      assert.equal(String(byAddress.get(address)?.[0]?.id), id, `alert ${id} of ${address} is lost`)
    }
    const stream = await lapi.request('GET', '/v1/decisions/stream?startup=true', {
      headers: bouncer,
    })
    assert.equal(stream.status, 200)
    const live = new Set<string>()
    for (const { value } of JSON.parse(stream.text).new ?? []) {
      assert.ok(!live.has(value), `${value} is streamed twice`)
      live.add(value)
    }
    for (const address of this.ended) assert.ok(!live.has(address), `${address} came back`)
    for (const address of this.acknowledged.keys()) {
      if (!this.asked.has(address)) assert.ok(live.has(address), `${address} is no longer live`)
    }
  }

  /** `1200 alerts, 170 deletions; lost 6`, for those who read along. */
  get summary(): string {
    const failures = [...this.failures].map(([what, count]) => `${what} ${count}`).join(', ')
    const counts = `${this.acknowledged.size} alerts, ${this.ended.size} deletions acknowledged`
    return `${counts}; ${failures || 'no failure'}`
  }

  async #one(lapi: LapiProcess, headers: Headers): Promise<void> {
    const n = ++this.#sent
    const address = `11.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
    const body = alertBody(address, { decisions: [banBody(address)] })
    const reply = await lapi.request('POST', '/v1/alerts', {
      headers,
      body: JSON.stringify([body]),
    })
    if (reply.status !== 201) return this.#count(String(reply.status))
    this.acknowledged.set(address, JSON.parse(reply.text)[0])
    if (n % 7 !== 0) return
    this.asked.add(address)
    const gone = await lapi.request('DELETE', `/v1/decisions?ip=${address}`, { headers })
    if (gone.status !== 200) return this.#count(String(gone.status))
    assert.equal(JSON.parse(gone.text).nbDeleted, '1')
    this.ended.add(address)
  }

  #count(what: string): void {
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1)
  }
}

interface AlertRow {
  readonly id: number
  readonly source: { readonly value: string }
  readonly decisions: readonly { readonly value: string }[] | null
}

/** Fails when SQLite finds anything wrong with a database file. */
export function assertSound(path: string): void {
  const database = new DatabaseSync(path)
  try {
    assert.deepEqual(
      { ...database.prepare('PRAGMA integrity_check').get() },
      {
        integrity_check: 'ok',
      },
    )
  } finally {
    database.close()
  }
}
