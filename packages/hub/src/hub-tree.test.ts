import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { installFlat } from './drop-shadowed.ts'
import { openHub } from './hub-tree.ts'
import { orderItems } from './order-items.ts'
import { parserText, scenarioText, shortOf, TemporaryTree } from './testing.ts'

const files = {
  'parsers/s00-raw/me/syslog.yaml': parserText('me/syslog'),
  'parsers/s01-parse/me/web.yaml': parserText('me/web'),
  'parsers/s01-parse/you/app.yaml': parserText('you/app'),
  'parsers/s01-parse/you/README.md': 'not a rule',
  'postoverflows/s01-whitelist/me/cdn.yaml': parserText('me/cdn'),
  'scenarios/me/scan.yaml': scenarioText('me/scan'),
  'scenarios/Zed/bf.yml': scenarioText('zed/other'),
  'contexts/me/base.yaml': 'context:\n  user: [evt.Meta.user]\n',
  'collections/me/web.yaml': 'parsers: [me/web]\nscenarios: [me/scan]\ncollections: [me/base]\n',
  'collections/me/base.yaml':
    'parsers: [me/syslog]\ncontexts: [me/base]\ncollections: [me/web]\nappsec-rules: [x/y]\n',
  'appsec-rules/me/rule.yaml': 'name: me/rule\n',
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const indexText = JSON.stringify({
  parsers: {
    'me/web': {
      path: 'parsers/s01-parse/me/web.yaml',
      stage: 's01-parse',
      version: '0.10',
      versions: {
        '0.9': { digest: digest(files['parsers/s01-parse/me/web.yaml']) },
        '0.10': { digest: digest(files['parsers/s01-parse/me/web.yaml']) },
        '0.2': { digest: 'aa' },
      },
    },
  },
  scenarios: {
    'me/scan': {
      path: 'scenarios/me/scan.yaml',
      version: '0.3',
      versions: { '0.3': { digest: 'bb' } },
    },
  },
  unknown: 3,
})

suite('a hub', () => {
  test('without an index is what is there', () => {
    using tree = new TemporaryTree(files)
    const problems = new Problems()
    assert.deepEqual(shortOf(openHub(tree.directory, problems).loadAll(problems)), [
      'parser s00-raw me/syslog@?',
      'parser s01-parse you/app@?',
      'parser s01-parse me/web@?',
      'postoverflow s01-whitelist me/cdn@?',
      'scenario me/scan@?',
      'scenario Zed/bf@?',
      'context me/base@?',
    ])
    assert.equal(tree.shown(problems), '')
  })
  test('with an index has versions, the highest of equal ones, and ? for changed files', () => {
    using tree = new TemporaryTree({ ...files, '.index.json': indexText })
    const problems = new Problems()
    const items = openHub(tree.directory, problems).loadAll(problems)
    assert.deepEqual(shortOf(items), ['parser s01-parse me/web@0.10', 'scenario me/scan@?'])
    assert.equal(items[0]?.hash, digest(files['parsers/s01-parse/me/web.yaml']))
    assert.equal(tree.shown(problems), '')
  })
  test('expands collections that name each other, each item once', () => {
    using tree = new TemporaryTree(files)
    const problems = new Problems()
    const items = openHub(tree.directory, problems).expand(['me/web', 'me/base'], problems)
    const names = ['parser s00-raw me/syslog@?', 'parser s01-parse me/web@?']
    assert.deepEqual(shortOf(items), [...names, 'scenario me/scan@?', 'context me/base@?'])
    assert.equal(tree.shown(problems), '')
  })
  test('points at what a collection asks for in vain', () => {
    using tree = new TemporaryTree({
      ...files,
      'collections/me/bad.yaml': 'scenarios:\n  - me/scan\n  - me/skan\n',
    })
    const problems = new Problems()
    openHub(tree.directory, problems).expand(['me/bad'], problems)
    assert.deepEqual(tree.shown(problems).split('\n'), [
      'collections/me/bad.yaml:3:5: cannot find "me/skan" in scenarios [TOC_HUB_UNKNOWN_ITEM]',
      '  3 |   - me/skan',
      '    |     ^^^^^^^',
      '  hint: did you mean "me/scan"?',
    ])
  })
  test('reports items of the index that have no file', () => {
    using tree = new TemporaryTree({ '.index.json': indexText })
    const problems = new Problems()
    assert.deepEqual(openHub(tree.directory, problems).loadAll(problems), [])
    const first = tree.shown(problems).split('\n')[0]
    const reason = 'cannot be read: no such file or directory [TOC_HUB_READ]'
    assert.equal(first, `parsers/s01-parse/me/web.yaml: ${reason}`)
  })
})

suite('entries of a hub test', () => {
  const found = {
    'me/web': 'parser s01-parse me/web@?',
    './parsers/s01-parse/me/web.yaml': 'parser s01-parse me/web@',
    '/parsers/s01-parse/me/web.yaml': 'parser s01-parse me/web@',
    'parsers/s01-parse/you/app.yaml': 'parser s01-parse you/app@',
    './own/parsers/s01-parse/me/mine.yaml': 'parser s01-parse me/mine@',
  }
  const extra = { '.tests/t/own/parsers/s01-parse/me/mine.yaml': parserText('me/mine') }
  for (const [entry, short] of Object.entries(found)) {
    test(entry, () => {
      using tree = new TemporaryTree({ ...files, ...extra })
      const problems = new Problems()
      const hub = openHub(tree.directory, problems)
      const item = hub.resolve('parser', entry, tree.path('.tests/t'), problems)
      assert.deepEqual(item && shortOf([item]), [short])
      assert.equal(tree.shown(problems), '')
    })
  }
  const refused = {
    'me/wep':
      'cannot find "me/wep" in parsers [TOC_HUB_UNKNOWN_ITEM]\n  1 | me/wep\n    | ^^^^^^\n  hint: did you mean "me/web"?',
    '../../etc/passwd':
      '"../../etc/passwd" leads outside the hub [TOC_HUB_PATH]\n  1 | ../../etc/passwd\n    | ^^^^^^^^^^^^^^^^',
    './flat.yaml': undefined,
  }
  for (const [entry, shown] of Object.entries(refused)) {
    test(`${entry} is refused`, () => {
      using tree = new TemporaryTree({ ...files, 'flat.yaml': parserText('flat') })
      const problems = new Problems()
      const hub = openHub(tree.directory, problems)
      const source = new SourceText('config.yaml', entry)
      const at = source.span(0, entry.length)
      const item = hub.resolve('parser', entry, tree.path('.tests/t'), problems, at)
      assert.equal(item, undefined)
      if (shown === undefined) assert.match(tree.shown(problems), /TOC_HUB_STAGE/)
      else assert.equal(tree.shown(problems), `config.yaml:1:1: ${shown}`)
    })
  }
  test('land in one directory, where a path takes the place of a name', () => {
    using tree = new TemporaryTree({
      ...files,
      'parsers/s01-parse/you/web.yaml': parserText('you/web'),
    })
    const problems = new Problems()
    const hub = openHub(tree.directory, problems)
    const resolve = (entries: string[]) =>
      orderItems(
        installFlat(entries.flatMap((entry) => hub.resolve('parser', entry, '', problems) ?? [])),
      )
    const path = './parsers/s01-parse/you/web.yaml'
    assert.deepEqual(shortOf(resolve(['me/web', path])), ['parser s01-parse you/web@'])
    assert.deepEqual(shortOf(resolve([path, 'me/web'])), ['parser s01-parse you/web@'])
    assert.deepEqual(shortOf(resolve(['me/web', 'you/web'])), ['parser s01-parse me/web@?'])
  })
})
