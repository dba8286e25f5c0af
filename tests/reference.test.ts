import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { commandsPage } from './reference/commands-page.ts'
import { functionsPage } from './reference/functions-page.ts'

const folder = join(import.meta.dirname, '../docs/reference')

suite('generated pages are what the declarations say (node tests/reference/main.ts)', () => {
  const pages = { 'commands.md': commandsPage, 'functions.md': functionsPage }
  for (const [name, page] of Object.entries(pages)) {
    test(name, async () => {
      assert.equal(readFileSync(join(folder, name), 'utf8'), await page())
    })
  }
})
