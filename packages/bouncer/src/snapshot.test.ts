import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { HeldDecision } from './decision-table.ts'
import { readSnapshot, SnapshotError, touchSnapshot, writeSnapshot } from './snapshot.ts'
import { rangeOf } from './testing/enforcer-contract.ts'

const heldMs = 1_767_225_600_000
const decisions: HeldDecision[] = [
  { id: 1, range: rangeOf('192.0.2.7'), expiresS: 1_767_229_200, origin: 'crowdsec' },
  {
    id: -1,
    range: rangeOf('2001:db8::/64'),
    expiresS: 1_767_229_300,
    origin: 'lists:a b\nend 0\t€',
  },
]

async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-snapshot-'))
  const dispose = () => rm(folder, { recursive: true, force: true })
  return { path: join(folder, 'state', 'bans'), [Symbol.asyncDispose]: dispose }
}

suite('snapshot', () => {
  test('what was written is read, and only the owner can', async () => {
    await using folder = await temporary()
    await writeSnapshot(folder.path, heldMs, decisions)
    assert.deepEqual(await readSnapshot(folder.path), { heardMs: heldMs, decisions })
    assert.equal((await stat(folder.path)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(join(folder.path, '..')), ['bans'])
  })

  test('there is none at first', async () => {
    await using folder = await temporary()
    assert.equal(await readSnapshot(folder.path), undefined)
  })

  test('a touch changes the time alone', async () => {
    await using folder = await temporary()
    await writeSnapshot(folder.path, heldMs, decisions)
    await touchSnapshot(folder.path, heldMs + 1)
    assert.deepEqual(await readSnapshot(folder.path), { heardMs: heldMs + 1, decisions })
  })

  test('cut anywhere, it is refused and never half believed', async () => {
    await using folder = await temporary()
    await writeSnapshot(folder.path, heldMs, decisions)
    const text = await readFile(folder.path)
    // Without its last newline it still is all there.
    for (let length = 0; length < text.length - 1; length++) {
      await writeFile(folder.path, text.subarray(0, length))
      await assert.rejects(readSnapshot(folder.path), SnapshotError, `${length} bytes`)
    }
  })

  for (const text of ['hello\n', 'tocsin-bouncer-snapshot 1 x\nend 0\n', '\0'.repeat(1000)]) {
    test(`${JSON.stringify(text.slice(0, 30))} is refused`, async () => {
      await using folder = await temporary()
      await writeSnapshot(folder.path, heldMs, [])
      await writeFile(folder.path, text)
      await assert.rejects(readSnapshot(folder.path), SnapshotError)
    })
  }

  test('a hundred thousand are written and read', async () => {
    await using folder = await temporary()
    const many = Array.from({ length: 100_000 }, (_, i): HeldDecision => {
      const range = rangeOf(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
      return { id: i, range, expiresS: 1_767_229_200, origin: 'CAPI' }
    })
    await writeSnapshot(folder.path, heldMs, many)
    assert.equal((await readSnapshot(folder.path))?.decisions.length, 100_000)
  })
})
