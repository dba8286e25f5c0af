import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { suite, test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { parseExpression } from './parser.ts'

const root = resolve(import.meta.dirname, '../../..')
const shared = resolve(root, process.env.TOCSIN_SHARED ?? '../shared')
const hub = join(shared, 'hub')
const skip = existsSync(hub) ? false : `no hub at ${hub} (set TOCSIN_SHARED)`

/** Keys whose text is an expression, in parsers, postoverflows and scenarios. */
const keys = new Set([
  ...['filter', 'groupby', 'distinct', 'cancel_on', 'condition', 'overflow_filter'],
  ...['expression', 'key', 'value', 'transform'],
])

suite('the hub', { skip }, () => {
  for (const folder of ['parsers', 'postoverflows', 'scenarios', 'contexts']) {
    test(`every expression in ${folder} parses`, () => {
      const failed: string[] = []
      let count = 0
      for (const { file, text } of expressionsIn(join(hub, folder), folder)) {
        count++
        try {
          parseExpression(text, () => false)
        } catch (error) {
          failed.push(`${file}: ${error instanceof Error ? error.message : String(error)}\n${text}`)
        }
      }
      assert.deepEqual(failed, [])
      assert.ok(count > 10, `only ${count} expressions found`)
    })
  }
})

function* expressionsIn(folder: string, kind: string): Generator<{ file: string; text: string }> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.ya?ml$/.test(name)) continue
    const file = join(folder, name)
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' })) {
      for (const text of textsIn(document.toJS(), kind === 'contexts', [])) yield { file, text }
    }
  }
}

function* textsIn(node: unknown, isContext: boolean, path: readonly string[]): Generator<string> {
  if (Array.isArray(node)) {
    for (const item of node) yield* textsIn(item, isContext, path)
    return
  }
  if (typeof node === 'string') {
    if (isContext ? path[0] === 'context' : isExpression(path)) yield node
    return
  }
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) yield* textsIn(value, isContext, [...path, key])
}

/** `value` and `key` are expressions in a stash; whitelists and data hold other texts. */
function isExpression(path: readonly string[]): boolean {
  const key = path.at(-1) ?? ''
  if (path.includes('labels') || path.includes('data')) return false
  if (key === 'value' || key === 'key') return path.includes('stash')
  return keys.has(key)
}
