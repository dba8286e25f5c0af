import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'

const root = join(import.meta.dirname, '..')
// Inside the repository, so that `@tocsin/…` resolves; not known to git.
const folder = join(import.meta.dirname, '.tmp', `readme-${process.pid}`)

interface Example {
  /** `packages/yaml/README.md:5` */
  readonly place: string
  readonly file: string
  readonly code: string
}

/** The examples that are whole: blocks of TypeScript that import what they use. */
function readExamples(): Example[] {
  const pages = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'packages/*/README.md']
  return globSync(pages, { cwd: root }).flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8')
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
      .filter(([, code = '']) => /^import .* from '@tocsin\//m.test(code))
      .map(({ 1: code = '', index }) => {
        const line = text.slice(0, index).split('\n').length
        const file = `${page.replace(/[^a-z0-9]+/gi, '-')}-${line}.ts`
        return { place: `${page}:${line}`, file, code }
      })
  })
}

suite('examples in READMEs and docs', () => {
  const examples = readExamples()

  before(() => {
    mkdirSync(folder, { recursive: true })
    for (const { file, code } of examples) {
      // Without the last line an example that imports nothing at run time would be no module.
      writeFileSync(join(folder, file), `${code}\nexport {}\n`)
    }
    const config = { extends: join(root, 'tsconfig.json'), include: ['./*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    // All in one process: starting one for each would take most of the time.
    const runner = `for (const file of ${JSON.stringify(examples.map(({ file }) => file))}) {
      try {
        await import('./' + file)
      } catch (error) {
        console.error('FAILED ' + file + ': ' + (error?.stack ?? error))
      }
    }
    process.exit()`
    writeFileSync(join(folder, 'run.js'), runner)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('there are some', () => assert.ok(examples.length > 10))

  test('their types are right', () => {
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { stdout } = spawnSync(tsc, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
    const ours = stdout.split('\n').filter((line) => line.includes('.ts(') && isExample(line))
    assert.deepEqual(ours, [])
  })

  test('they run', () => {
    const { stderr, status } = spawnSync(process.execPath, ['run.js'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 20_000,
    })
    assert.doesNotMatch(stderr, /FAILED/)
    assert.equal(status, 0, stderr)
  })

  function isExample(line: string): boolean {
    return examples.some(({ file }) => line.includes(file))
  }
})
