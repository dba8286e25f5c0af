import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, suite, test } from 'node:test'
import fc from 'fast-check'
import { PathGlob } from './path-glob.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-glob-'))
after(() => rmSync(folder, { recursive: true }))
const files = [
  ...['a.log', 'ab.log', '.hidden.log', 'a*b', 'one/x.log', 'two/x.log', 'two/deep/x.log'],
  ...['a-b.log', 'a].log'],
]
for (const file of files) {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), '')
}
symlinkSync('one', join(folder, 'link'))
symlinkSync('..', join(folder, 'two', 'up'))

async function expand(pattern: string) {
  const directories = new Set<string>()
  const glob = new PathGlob(join(folder, pattern))
  const found = await glob.expand({
    directory: (path) => directories.add(path),
    failure: (path) => assert.fail(path),
  })
  return { found: found.map((path) => path.slice(folder.length + 1)), directories, glob }
}

suite('PathGlob', () => {
  const cases: Readonly<Record<string, string[]>> = {
    'a.log': ['a.log'],
    'missing.log': ['missing.log'],
    '*.log': ['.hidden.log', 'a-b.log', 'a.log', 'a].log', 'ab.log'],
    'a?.log': ['a].log', 'ab.log'],
    'a[a-c].log': ['ab.log'],
    'a[!a-c].log': ['a].log'],
    'a[]].log': ['a].log'],
    'a[-x]b.log': ['a-b.log'],
    'a\\*b': ['a*b'],
    '*/x.log': ['link/x.log', 'one/x.log', 'two/x.log'],
    '**/x.log': ['one/x.log', 'two/deep/x.log', 'two/x.log'],
    'two/**': ['two/deep/x.log', 'two/up', 'two/x.log'],
    'none/*/x.log': [],
    'a.log/*': [],
  }
  for (const [pattern, paths] of Object.entries(cases)) {
    test(pattern, async () => assert.deepEqual((await expand(pattern)).found, paths))
  }

  test('says where paths may appear', async () => {
    const { directories, glob } = await expand('*/x.log')
    assert.equal(glob.isLiteral, false)
    assert.ok(directories.has(folder) && directories.has(join(folder, 'two')))
    assert.deepEqual([...(await expand('none/x.log')).directories], [join(folder, 'none')])
  })

  for (const pattern of ['/a/[b', '/a\\', '/[', '/[z-a]']) {
    test(`${pattern} is refused`, () => assert.throws(() => new PathGlob(pattern), SyntaxError))
  }

  test('a pattern is refused or expands, whatever it is', async () => {
    const part = fc.constantFrom('*', '?', '[', ']', '-', '!', '\\', 'a', '.', '/', '**', '(', '{')
    const law = fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
      try {
        await expand(parts.join(''))
      } catch (cause) {
        assert.ok(cause instanceof SyntaxError && !cause.message.includes('regular expression'))
      }
    })
    await fc.assert(law)
  })
})
