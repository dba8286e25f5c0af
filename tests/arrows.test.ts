import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const groundSize = 4

interface Row {
  readonly name: string
  readonly allowed: 'all' | ReadonlySet<string>
}

/** The table of ARCHITECTURE.md, top to bottom. */
function readTable(): Row[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  return [...text.matchAll(/^\| `([a-z0-9-]+)` \|[^|]*\|([^|]*)\|$/gm)].map(
    ([, name = '', arrows = '']) => ({
      name,
      allowed:
        arrows.trim() === 'all'
          ? ('all' as const)
          : new Set([...arrows.matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1] ?? '')),
    }),
  )
}

const importPattern =
  /(?:^import\b[^'"\n]*|^(?:export\b|\})[^'"\n]*\bfrom |\bimport\(\s*)'([^']+)'/gm

function importsOf(name: string, files: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const file of globSync(files, { cwd: join(root, 'packages', name) })) {
    if (/\.test(-support)?\.ts$|\/testing\//.test(file)) continue
    const text = readFileSync(join(root, 'packages', name, file), 'utf8')
    for (const [, target = ''] of text.matchAll(importPattern)) {
      if (target.startsWith('.') || target.startsWith('node:')) continue
      const parts = target.split('/')
      const dependency = target.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
      found.set(dependency, [...(found.get(dependency) ?? []), file])
    }
  }
  return found
}

function dependenciesOf(name: string): Set<string> {
  const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')
  return new Set(Object.keys(JSON.parse(text).dependencies ?? {}))
}

suite('arrows between packages', () => {
  const rows = readTable()
  const ground = rows.slice(0, groundSize).map((row) => row.name)

  test('the table and the packages are the same', () => {
    const folders = globSync('packages/*/package.json', { cwd: root }).map((f) => f.split('/')[1])
    assert.deepEqual(rows.map((row) => row.name).sort(), folders.sort())
  })

  for (const { name, allowed } of rows) {
    test(name, () => {
      const imported = importsOf(name, 'src/**/*.ts')
      for (const [target, files] of imported) {
        const workspace = target.startsWith('@tocsin/')
          ? target.slice('@tocsin/'.length)
          : undefined
        if (workspace === undefined || allowed === 'all') continue
        const isGround = ground.includes(workspace) && !ground.includes(name)
        assert.ok(
          isGround || allowed.has(workspace),
          `${name} → ${workspace} in ${files.join(', ')}`,
        )
      }
      const declared = dependenciesOf(name)
      assert.deepEqual(
        [...declared].sort(),
        [...imported.keys()].sort(),
        'package.json dependencies',
      )
    })
  }

  test('the arrows have no cycle', () => {
    const position = new Map(rows.map((row, i) => [row.name, i]))
    for (const { name, allowed } of rows) {
      if (allowed === 'all') continue
      for (const target of allowed) {
        assert.ok(
          (position.get(target) ?? Infinity) < (position.get(name) ?? -1),
          `${name} may import only what stands above it, not ${target}`,
        )
      }
    }
  })

  test('no import cycle between files of a package', () => {
    for (const { name } of rows) {
      const folder = join(root, 'packages', name, 'src')
      const graph = new Map<string, string[]>()
      for (const file of globSync('**/*.ts', { cwd: folder })) {
        if (/\.test(-support)?\.ts$/.test(file)) continue
        const text = readFileSync(join(folder, file), 'utf8')
        // A type-only import is gone at run time and may close a circle of declarations.
        const runtime = text.replace(/import type [^;]*? from '[^']+'/gs, '')
        const targets = [...runtime.matchAll(importPattern)]
          .map((match) => match[1] ?? '')
          .filter((target) => target.startsWith('.'))
          .map((target) => join(file, '..', target))
        graph.set(file, targets)
      }
      assert.deepEqual(findCycle(graph), [], name)
    }
  })
})

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const visit = (file: string): boolean => {
    if (state.get(file) === 'done') return false
    path.push(file)
    if (state.get(file) === 'open') return true
    state.set(file, 'open')
    for (const target of graph.get(file) ?? []) {
      if (visit(target)) return true
    }
    state.set(file, 'done')
    path.pop()
    return false
  }
  for (const file of graph.keys()) {
    if (visit(file)) return path
  }
  return []
}
