import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { suite, test } from 'node:test'
import { Problems } from '@tocsin/diagnostic'
import { readInstalled } from './installed-tree.ts'
import { parserText, scenarioText, shortOf, TemporaryTree } from './testing.ts'

const hub = {
  'hub/parsers/s01-parse/me/web.yaml': parserText('me/web'),
  'hub/parsers/s01-parse/me/app.yaml': parserText('me/app'),
  'hub/scenarios/me/scan.yaml': scenarioText('me/scan'),
  'hub/collections/me/all.yaml': 'parsers: [me/web]\n',
}

function link(tree: TemporaryTree, target: string, path: string): void {
  mkdirSync(dirname(tree.path(path)), { recursive: true })
  symlinkSync(target, tree.path(path))
}

suite('a configuration directory', () => {
  test('holds links into the hub and local files, ordered by file name', () => {
    using tree = new TemporaryTree({
      ...hub,
      'parsers/s01-parse/own.yaml': parserText('own'),
      'parsers/s01-parse/aaa.yaml': parserText('zzz'),
      'scenarios/sub/nameless.yaml': 'type: trigger\nfilter: "true"\n',
      'scenarios/.hidden/x.yaml': scenarioText('hidden'),
    })
    link(tree, tree.path('hub/parsers/s01-parse/me/web.yaml'), 'parsers/s01-parse/bbb.yaml')
    link(tree, '../hub/scenarios/me/scan.yaml', 'scenarios/scan.yaml')
    link(tree, tree.path('hub/collections/me/all.yaml'), 'collections/all.yaml')
    const problems = new Problems()
    assert.deepEqual(shortOf(readInstalled(tree.directory, problems)), [
      'parser s01-parse zzz@',
      'parser s01-parse me/web@?',
      'parser s01-parse own@',
      'scenario me/scan@?',
      'scenario sub/nameless.yaml@',
      'collection me/all@?',
    ])
    assert.equal(tree.shown(problems), '')
  })
  test('reports what it ignores', () => {
    using tree = new TemporaryTree({
      ...hub,
      'parsers/stray.yaml': parserText('stray'),
      'scenarios/notes.txt': 'notes',
      'scenarios/one.yaml': scenarioText('same'),
      'scenarios/two.yaml': `${scenarioText('same')}debug: true\n`,
      'scenarios/scan-local.yaml': `${scenarioText('me/scan')}debug: true\n`,
    })
    link(tree, '/nowhere/at/all.yaml', 'scenarios/broken.yaml')
    link(tree, tree.path('scenarios/loop.yaml'), 'scenarios/loop.yaml')
    link(tree, tree.path('hub/scenarios/me/scan.yaml'), 'scenarios/scan.yaml')
    link(tree, tree.path('hub/parsers/s01-parse/me/app.yaml'), 'parsers/s00-raw/app.yaml')
    const problems = new Problems()
    const items = readInstalled(tree.directory, problems)
    assert.deepEqual(shortOf(items), ['scenario me/scan@', 'scenario same@'])
    assert.equal(items[1]?.place, 'two.yaml')
    assert.deepEqual(tree.shown(problems).split('\n'), [
      'parsers/stray.yaml: warning: ignored: it is not in a stage directory [TOC_HUB_IGNORED]',
      'parsers/s00-raw/app.yaml: warning: ignored: parsers/s01-parse/me/app.yaml is not an item of the hub [TOC_HUB_IGNORED]',
      'scenarios/broken.yaml: warning: ignored: the link leads nowhere: no such file or directory [TOC_HUB_IGNORED]',
      'scenarios/loop.yaml: warning: ignored: the link leads nowhere: too many symbolic links encountered [TOC_HUB_IGNORED]',
      'scenarios/notes.txt: warning: ignored: its name ends neither in .yaml nor in .yml [TOC_HUB_IGNORED]',
      'scenarios/scan.yaml: warning: ignored: scenarios/scan-local.yaml is a scenario of the same name, "me/scan" [TOC_HUB_SHADOWED]',
      'scenarios/one.yaml: warning: ignored: scenarios/two.yaml is a scenario of the same name, "same" [TOC_HUB_SHADOWED]',
    ])
  })
  test('may be missing', () => {
    using tree = new TemporaryTree({})
    const problems = new Problems()
    assert.deepEqual(readInstalled(tree.path('no/such'), problems), [])
    assert.deepEqual(problems.list, [])
  })
})
