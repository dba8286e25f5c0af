import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { silentLog } from '@tocsin/telemetry'
import { openStore } from './open-store.ts'
import { storeContract } from './store.contract.test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
storeContract('SQLite', async () => {
  const path = join(folder, `${++count}.db`)
  return (clock, retention = {}) =>
    openStore(
      // Nothing here pulls the plug, and waiting for the disk would take most of the time.
      { database: { type: 'sqlite', path, durability: 'process' }, retention, syncIntervalMs: 0 },
      { clock, log: silentLog },
    )
})
