import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { killWriters } from './durability.test-support.ts'

for (const durability of ['power', 'process'] as const) {
  test(`an acknowledged alert survives kill -9, durability ${durability}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'))
    try {
      await killWriters({ type: 'sqlite', path: join(folder, 'test.db'), durability }, 2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
