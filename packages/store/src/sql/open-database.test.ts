import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, suite, test } from 'node:test'
import { migrations } from './migrations.ts'
import { openDatabase } from './open-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
const newPath = () => join(folder, `${++count}.db`)
const next = () => ['CREATE TABLE later (id INTEGER)']

suite('openDatabase, SQLite', () => {
  test('the file and its companions are private', async () => {
    const path = newPath()
    const database = await openDatabase({ type: 'sqlite', path })
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, file)
    }
    await database.close()
  })

  test('a file that others could read is made private', async () => {
    const path = newPath()
    writeFileSync(path, '', { mode: 0o644 })
    await (await openDatabase({ type: 'sqlite', path })).close()
    assert.equal(statSync(path).mode & 0o777, 0o600)
  })

  test('a newer program brings the schema forward, an older one refuses it', async () => {
    const path = newPath()
    await (await openDatabase({ type: 'sqlite', path })).close()
    await (await openDatabase({ type: 'sqlite', path }, [...migrations, next])).close()
    await assert.rejects(openDatabase({ type: 'sqlite', path }), {
      code: 'TOC_STORE_NEWER',
      message: `the database has schema ${migrations.length + 1}, this program knows ${migrations.length}: use the newer program that wrote it`,
    })
  })

  test('a step that fails leaves the schema as it was', async () => {
    const path = newPath()
    await (await openDatabase({ type: 'sqlite', path })).close()
    const broken = () => ['CREATE TABLE half (id INTEGER)', 'CREATE NONSENSE']
    await assert.rejects(openDatabase({ type: 'sqlite', path }, [...migrations, broken]), {
      code: 'TOC_STORE_OPEN',
    })
    await (await openDatabase({ type: 'sqlite', path })).close()
    const raw = new DatabaseSync(path)
    assert.equal(raw.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get(), undefined)
    raw.close()
  })

  const refused: Readonly<Record<string, () => string>> = {
    'a folder': () => folder,
    'a path that cannot be': () => join(folder, 'no', 'such', 'folder.db'),
    'a file that is no database': () => {
      const path = newPath()
      writeFileSync(path, 'not a database, but long enough to look at it twice'.repeat(100))
      return path
    },
    'the file of another program': () => {
      const path = newPath()
      const raw = new DatabaseSync(path)
      raw.exec('CREATE TABLE alerts (id INTEGER)')
      raw.close()
      return path
    },
  }
  for (const [title, path] of Object.entries(refused)) {
    test(`${title} is refused`, async () => {
      await assert.rejects(openDatabase({ type: 'sqlite', path: path() }), {
        code: 'TOC_STORE_OPEN',
      })
    })
  }

  test('deleted rows give their space back', async () => {
    const path = newPath()
    const database = await openDatabase({ type: 'sqlite', path })
    const value = 'x'.repeat(100_000)
    await database.write(async (queries) => {
      for (let i = 0; i < 50; i++) {
        await queries
          .insertInto('config_items')
          .values({ name: `${i}`, value })
          .execute()
      }
    })
    const before = await database.sizeBytes()
    await database.write(async (queries) => {
      await queries.deleteFrom('config_items').execute()
    })
    await database.vacuum()
    assert.ok(((await database.sizeBytes()) ?? Infinity) < (before ?? 0) / 10)
    await database.close()
    assert.ok(statSync(path).size < 1_000_000, 'on disk too')
  })

  test('writers of two processes wait for each other', async () => {
    const path = newPath()
    const one = await openDatabase({ type: 'sqlite', path })
    const two = await openDatabase({ type: 'sqlite', path })
    const raise = (database: typeof one) =>
      database.write(async (queries) => {
        const { seq } = await queries.selectFrom('state').select('seq').executeTakeFirstOrThrow()
        await new Promise((resolve) => setImmediate(resolve))
        await queries
          .updateTable('state')
          .set({ seq: seq + 1 })
          .execute()
      })
    await Promise.all([one, two, one, two].map(raise))
    const { seq } = await one.reader.selectFrom('state').select('seq').executeTakeFirstOrThrow()
    assert.equal(seq, 4)
    await one.close()
    await two.close()
  })
})
