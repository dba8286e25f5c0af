import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const code = /TOC_[A-Z0-9_]+[A-Z0-9]/g
const shortest = 30

interface Paragraph {
  /** The package under whose heading it stands. */
  readonly owner: string
  readonly text: string
}

/** Every code in the sources that users run, with the packages that use it. */
function readSources(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const file of globSync('packages/*/src/**/*.ts', { cwd: root })) {
    if (/\.test(?:-support)?\.ts$|\/testing(?:\.ts$|\/)/.test(file)) continue
    // Examples in comments use codes of others.
    const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '')
    for (const [name] of text.matchAll(code)) {
      const owners = found.get(name) ?? new Set()
      found.set(name, owners.add(file.split('/')[1] ?? ''))
    }
  }
  return found
}

function readPage(): Map<string, Paragraph> {
  const found = new Map<string, Paragraph>()
  const page = readFileSync(join(root, 'docs/reference/codes.md'), 'utf8')
  for (const section of page.split(/^## /m).slice(1)) {
    const owner = section.slice(0, section.indexOf('\n')).trim()
    for (const entry of section.split(/^### /m).slice(1)) {
      const [name = '', ...lines] = entry.split('\n')
      assert.ok(!found.has(name), `${name} has two paragraphs`)
      found.set(name, { owner, text: lines.join('\n').trim() })
    }
  }
  return found
}

suite('codes and their page', () => {
  const sources = readSources()
  const page = readPage()

  test('every code has a paragraph, and every paragraph a code', () => {
    assert.deepEqual([...page.keys()].sort(), [...sources.keys()].sort())
  })

  test('each stands under a package that uses it, in alphabetical order', () => {
    const groups = Map.groupBy(page, ([, paragraph]) => paragraph.owner)
    for (const [owner, entries] of groups) {
      const names = entries.map(([name]) => name)
      assert.deepEqual(names, names.toSorted(), owner)
      for (const name of names) {
        assert.ok(sources.get(name)?.has(owner), `${owner} does not use ${name}`)
      }
    }
    assert.deepEqual([...groups.keys()], [...groups.keys()].toSorted())
  })

  test('a paragraph is one, and says something', () => {
    for (const [name, { text }] of page) {
      assert.ok(text.length >= shortest, `${name} says too little`)
      assert.doesNotMatch(text, /\n/, `${name} is more than one paragraph`)
    }
  })
})
