import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsPage } from './commands-page.ts'
import { functionsPage } from './functions-page.ts'

// Writes the generated pages of the reference; tests/reference.test.ts says when they are stale.
const folder = join(import.meta.dirname, '../../docs/reference')
writeFileSync(join(folder, 'commands.md'), await commandsPage())
writeFileSync(join(folder, 'functions.md'), functionsPage())
