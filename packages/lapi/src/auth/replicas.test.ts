import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '@tocsin/model'
import { openStore } from '@tocsin/store'
import { silentLog } from '@tocsin/telemetry'
import { loadTokenSecret } from './token-secret.ts'

test('replicas that start together on an empty database agree on one secret', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-replicas-'))
  try {
    const database = { type: 'sqlite', path: join(folder, 'tocsin.db') } as const
    const deps = { clock: systemClock, log: silentLog }
    const open = () => openStore({ database, syncIntervalMs: 0 }, deps)
    await using first = await open()
    await using second = await open()
    const secrets = await Promise.all(
      [first, second, first, second].map((store) => loadTokenSecret(store.config, undefined)),
    )
    assert.equal(new Set(secrets).size, 1)
    assert.ok((secrets[0]?.length ?? 0) >= 64)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a secret of the operator counts, unless it is short', async () => {
  const settings = { database: { type: 'sqlite', path: ':memory:' }, syncIntervalMs: 0 } as const
  await using store = await openStore(settings, { clock: systemClock, log: silentLog })
  const given = 'x'.repeat(64)
  assert.equal(await loadTokenSecret(store.config, given), given)
  await assert.rejects(loadTokenSecret(store.config, 'short'), /CS_LAPI_SECRET not strong enough/)
})
