import { join } from 'node:path'

/** The rules that come with Tocsin. */
export const ownRulesDirectory = join(import.meta.dirname, '../../../../rules')
