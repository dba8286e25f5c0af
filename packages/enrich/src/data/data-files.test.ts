import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import { type DataFileEntry, DataFiles, type DataFilesOptions } from './data-files.ts'

type Loaded = { readonly files: DataFiles; readonly problems: Problems }

function load(
  text: string,
  type: string,
  more: Partial<DataFileEntry> = {},
  options: DataFilesOptions = {},
): Loaded {
  const files = new DataFiles(options)
  const problems = new Problems()
  const source = new SourceText('data/file.txt', text)
  files.loadText({ destFile: 'file.txt', type, ...more }, source, problems)
  return { files, problems }
}

const written = ({ problems }: Loaded) => problems.list.map(formatProblem).join('\n').split('\n')

suite('lines', () => {
  const read: Record<string, readonly string[]> = {
    '': [],
    'a\nb': ['a', 'b'],
    'a\r\n\r\n\n# no\nb\n': ['a', 'b'],
    ' # data\n \n\ta ': [' # data', ' ', '\ta '],
    'a\rb\n\0': ['a\rb', '\0'],
    'a#b': ['a#b'],
  }
  for (const [text, lines] of Object.entries(read)) {
    test(JSON.stringify(text), () => {
      const { files, problems } = load(text, 'string')
      assert.deepEqual(files.lines('file.txt'), lines)
      assert.deepEqual(problems.list, [])
    })
  }

  test('the list is one and cannot be changed', () => {
    const { files } = load('a\nb', 'string')
    assert.equal(files.lines('file.txt'), files.lines('file.txt'))
    assert.ok(Object.isFrozen(files.lines('file.txt')))
  })

  test('a line over 64 KiB is told and left out', () => {
    const longest = 'é'.repeat(32 * 1024)
    const loaded = load(`a\n${longest}\n${longest}x\nb`, 'string')
    assert.deepEqual(loaded.files.lines('file.txt'), ['a', longest, 'b'])
    const [first] = written(loaded)
    assert.equal(
      first,
      'data/file.txt:3:1: the line has 65537 bytes, at most 65536 are read [TOC_DATA_LINE_LENGTH]',
    )
  })

  test('any text is its lines without comments and empty ones', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '#', '\n', '\r', ' ', 'é') })
    const law = fc.property(text, (all) => {
      const lines = all
        .split('\n')
        .map((line) => line.replace(/\r$/, ''))
        .filter((line) => line !== '' && !line.startsWith('#'))
      assert.deepEqual(load(all, 'string').files.lines('file.txt'), lines)
    })
    fc.assert(law, { numRuns: 500 })
  })
})

suite('regular expressions', () => {
  const text = '# agents\nsqlmap\n(?i)nikto/\\d+\n^curl$\n'

  test('any of them, anywhere', () => {
    const { files, problems } = load(text, 'regexp')
    const texts = ['x sqlmap y', 'NIKTO/2', 'curl', 'curl 8', 'Sqlmap', '']
    assert.deepEqual(
      texts.map((one) => files.matchesPattern(one, 'file.txt')),
      [true, true, true, false, false, false],
    )
    assert.deepEqual(problems.list, [])
  })

  test('answers are the same when they are remembered', () => {
    for (const strategy of ['', 'LRU', 'LFU', 'ARC']) {
      const cache = { isEnabled: true, strategy, size: 2 }
      const { files, problems } = load(text, 'regex', { cache })
      const texts = ['sqlmap', 'x', 'sqlmap', 'y', 'z', 'x', 'curl', 'sqlmap']
      const answers = texts.map((one) => files.matchesPattern(one, 'file.txt'))
      assert.deepEqual(answers, [true, false, true, false, false, false, true, true])
      assert.deepEqual(problems.list, [])
      const [gauge] = files.cacheGauges()
      assert.deepEqual([gauge?.name, gauge?.size], ['data file.txt', 2])
      assert.deepEqual([(gauge?.hitCount ?? 0) + (gauge?.missCount ?? 0)], [texts.length])
      assert.ok((gauge?.hitCount ?? 0) >= 1)
    }
  })

  test('an unknown cache strategy costs the cache only', () => {
    const cache = { isEnabled: true, strategy: 'FIFO', size: 2 }
    const loaded = load(text, 'regexp', { cache })
    assert.equal(loaded.files.matchesPattern('sqlmap', 'file.txt'), true)
    assert.deepEqual(loaded.files.cacheGauges(), [])
    assert.deepEqual(written(loaded), [
      'file.txt: cache strategy "FIFO" is none of LRU, LFU, ARC [TOC_DATA_CACHE_STRATEGY]',
      '  hint: answers are not remembered, which costs only time',
    ])
  })

  test('wrong ones are told together and refuse the file', () => {
    const loaded = load('good\nba(d\n(?=look)', 'regexp')
    assert.equal(loaded.files.matchesPattern('good', 'file.txt'), undefined)
    const lines = written(loaded)
    assert.match(lines[0] ?? '', /^data\/file\.txt:2:\d+: .+, so the file is not used \[TOC_REGEX_/)
    assert.equal(lines[1], '  2 | ba(d')
    assert.ok(lines.some((line) => line.startsWith('data/file.txt:3:1: ')))
  })

  test('a pattern that could backtrack for ever does not', () => {
    const { files } = load('(a+)+$\n(x|xx)+y', 'regexp')
    const start = performance.now()
    assert.equal(files.matchesPattern(`${'a'.repeat(64 * 1024)}!`, 'file.txt'), false)
    assert.ok(performance.now() - start < 2000)
  })
})

suite('tags', () => {
  const rows = [
    '{"pattern": "/a", "tag": "whole", "type": "equals"}',
    '{"pattern": "/a/", "tag": "inside", "type": "contains", "note": "x"}',
    '{"pattern": "/a/b", "tag": "longer", "type": "contains"}',
    '{"pattern": "^/c[0-9]+$", "tag": "first", "type": "regex"}',
    '{"pattern": "[0-9]$", "tag": "second", "type": "regex"}',
  ].join('\n')

  const found: Record<string, string> = {
    '/a': 'whole',
    '/A': '',
    'x/a/b': 'inside',
    '/a/b/': 'inside',
    '/c12': 'first',
    '/d12': 'second',
    '/a/1': 'inside',
    '': '',
  }
  for (const [text, tag] of Object.entries(found)) {
    test(`"${text}" is ${tag || 'nothing'}`, () => {
      const { files, problems } = load(rows, 'map')
      assert.equal(files.lookup(text, 'file.txt'), tag)
      assert.deepEqual(problems.list, [])
    })
  }

  test('the leftmost text wins, whatever its row', () => {
    const text =
      '{"pattern":"b","tag":"B","type":"contains"}\n{"pattern":"a","tag":"A","type":"contains"}'
    const { files } = load(text, 'map')
    assert.equal(files.lookup('xab', 'file.txt'), 'A')
    assert.equal(files.lookup('xba', 'file.txt'), 'B')
  })

  test('rows keep every key', () => {
    const { files } = load(rows, 'map')
    assert.equal(files.rows('file.txt')?.length, 5)
    assert.equal(files.rows('file.txt')?.[1]?.note, 'x')
    assert.ok(Object.isFrozen(files.rows('file.txt')))
  })

  test('a wrong row is told, earlier ones stay, and nothing is looked up', () => {
    const good = '{"pattern":"/a","tag":"t","type":"equals"}'
    const loaded = load(
      [
        good,
        '{"pattern":"/b","tag":"t","type":"prefix"}',
        '{"pattern":"/c","tag":1,"type":"equals"}',
        '{"pattern":"","tag":"t","type":"equals"}',
        '["/d"]',
        good,
      ].join('\n'),
      'map',
    )
    assert.equal(loaded.files.rows('file.txt')?.length, 1)
    assert.equal(loaded.files.lookup('/a', 'file.txt'), '')
    const heads = written(loaded).filter((line) => line.startsWith('data/'))
    assert.deepEqual(heads, [
      'data/file.txt:2:1: type "prefix" is none of equals, contains, regex [TOC_DATA_ROW]',
      'data/file.txt:3:1: the value of "tag" is not a text [TOC_DATA_ROW]',
      'data/file.txt:4:1: "pattern" is missing or empty [TOC_DATA_ROW]',
      'data/file.txt:5:1: the line is not a JSON object [TOC_DATA_JSON]',
    ])
  })

  test('a wrong regular expression and a repeated text cost one line', () => {
    const loaded = load(
      [
        '{"pattern":"(","tag":"t","type":"regex"}',
        '{"pattern":"/a","tag":"old","type":"equals"}',
        '{"pattern":"/a","tag":"new","type":"equals"}',
        '{"pattern":"z$","tag":"z","type":"regex"}',
      ].join('\n'),
      'map',
    )
    assert.equal(loaded.files.lookup('/a', 'file.txt'), 'new')
    assert.equal(loaded.files.lookup('xyz', 'file.txt'), 'z')
    assert.equal(loaded.files.rows('file.txt')?.length, 4)
    assert.deepEqual(
      loaded.problems.list.map((problem) => problem.severity),
      ['warning', 'warning'],
    )
    const lines = written(loaded)
    assert.match(lines.join('\n'), /file\.txt:3:1: warning: "\/a" was there before/)
    assert.match(lines.join('\n'), /file\.txt:1:1\d: warning: .+, so this line is not used/)
  })

  test('a line that is not JSON says why', () => {
    const [first] = written(load('{"pattern": }', 'map'))
    assert.match(first ?? '', /^data\/file\.txt:1:1: the line is not JSON: /)
  })

  test('keys of rows inherit nothing', () => {
    const { files } = load('{"pattern":"p","tag":"t","type":"equals","__proto__":"x"}', 'map')
    const row = files.rows('file.txt')?.[0]
    assert.equal(row?.constructor, undefined)
    assert.ok(row && Object.keys(row).includes('__proto__'))
  })
})

suite('bots', () => {
  const bots = [
    '{"name":"a","user_agent":"ABot/\\\\d","ips":["192.0.2.1","::ffff:192.0.2.2"]}',
    '{"name":"b","ranges":["198.51.100.0/24","2001:db8::/32"],"paths":["^/robots","\\\\.xml$"]}',
    '{"name":"c","user_agent":"cbot","rdns":["\\\\.crawl\\\\.example$"]}',
  ].join('\n')
  const asked: string[] = []
  const dns = {
    confirmedNames(address: string) {
      asked.push(address)
      return address === '203.0.113.5' ? ['x1.crawl.example'] : []
    },
  }
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ['192.0.2.1', 'abot/1', '/', true],
    ['192.0.2.1', 'other', '/', false],
    ['192.0.2.2:443', 'ABOT/2', '/', true],
    ['::ffff:192.0.2.1', 'abot/1', '/', true],
    ['198.51.100.9', '', '/robots.txt', true],
    ['198.51.100.9', '', '/sitemap.XML', true],
    ['198.51.100.9', '', '/login', false],
    ['[2001:db8::1%eth0]:443', '', '/robots.txt', true],
    ['203.0.113.5', 'CBot', '/', true],
    ['203.0.113.5', 'other', '/', false],
    ['203.0.113.6', 'cbot', '/', false],
    ['not an address', 'cbot', '/', false],
    ['', '', '', false],
  ]
  for (const [address, agent, path, expected] of cases) {
    test(`${address} ${agent} ${path}`, () => {
      const { files, problems } = load(bots, 'bots', {}, { dns })
      assert.deepEqual(problems.list, [])
      assert.equal(files.matchBot(address, agent, path, ['file.txt', 'none.txt']), expected)
    })
  }

  test('names are asked for only when they decide, and once', () => {
    asked.length = 0
    const { files } = load(`${bots}\n${bots}`, 'bots', {}, { dns })
    files.matchBot('192.0.2.1', 'abot/1', '/', ['file.txt'])
    files.matchBot('203.0.113.5', 'other', '/', ['file.txt'])
    assert.deepEqual(asked, [])
    files.matchBot('203.0.113.6', 'cbot', '/', ['file.txt', 'file.txt'])
    assert.deepEqual(asked, ['203.0.113.6'])
  })

  const refused: Record<string, string> = {
    '{"name":"a"}': 'one of "ips", "ranges" and "rdns" is needed',
    '{"ips":["192.0.2.1"]}': '"name" is missing or empty',
    '{"name":"a","ips":["192.0.2.300"]}': '"192.0.2.300" is not an address',
    '{"name":"a","ranges":["192.0.2.0"]}': '"192.0.2.0" is not a range',
    '{"name":"a","rdns":[""]}': '"rdns" holds an empty pattern',
    '{"name":"a","rdns":"x"}': '"rdns" is not a list of texts',
    '{"name":"a","ips":["192.0.2.1"],"user_agents":"x"}': 'unknown key "user_agents"',
    '{"name":"a","ips":["192.0.2.1"],"user_agent":7}': '"user_agent" is not a text',
    '{"name":"a","rdns":["("]}': 'so the file is not used',
    '"a"': 'the line is not a JSON object',
  }
  for (const [line, message] of Object.entries(refused)) {
    test(`${line} refuses the file`, () => {
      const loaded = load(`${bots}\n${line}`, 'bots', {}, { dns })
      const [first = ''] = written(loaded)
      assert.ok(first.includes(message), first)
      assert.equal(loaded.files.matchBot('192.0.2.1', 'abot/1', '/', ['file.txt']), false)
    })
  }
})

suite('DataFiles', () => {
  test('what was not loaded is not there', () => {
    const { files } = load('a', 'string')
    assert.equal(files.lines('other.txt'), undefined)
    assert.equal(files.rows('file.txt'), undefined)
    assert.equal(files.lookup('a', 'file.txt'), undefined)
    assert.equal(files.matchesPattern('a', 'file.txt'), undefined)
  })

  test('a file without a type is not loaded, an unknown type is told', () => {
    assert.equal(load('a', '').files.lines('file.txt'), undefined)
    assert.deepEqual(written(load('a', 'regxp')), [
      'file.txt: the type of file.txt is "regxp", which is none of string, regexp, regex, map, bots [TOC_DATA_TYPE]',
      '  hint: did you mean "regexp"?',
    ])
  })

  test('a file is loaded once for each way of reading it', () => {
    const { files, problems } = load('a', 'string')
    const again = new SourceText('data/other.txt', 'b')
    files.loadText({ destFile: 'file.txt', type: 'string' }, again, problems)
    files.loadText({ destFile: 'file.txt', type: 'regex' }, again, problems)
    assert.deepEqual(files.lines('file.txt'), ['a'])
    assert.equal(files.matchesPattern('b', 'file.txt'), true)
  })

  test('of many wrong lines the first are told and the rest counted', () => {
    const { problems } = load('x\n'.repeat(1000), 'map')
    assert.equal(problems.list.length, 21)
    const last = problems.list.at(-1)
    assert.equal(last && formatProblem(last), 'data/file.txt: 980 more problems [TOC_DATA_MORE]')
  })

  test('a file that cannot be read is told where it is named', () => {
    const rule = new SourceText('scenario.yaml', 'data:\n  - dest_file: none.txt\n')
    const problems = new Problems()
    const entry = { destFile: 'none.txt', type: 'string', span: rule.span(21, 29) }
    new DataFiles().load(entry, '/nonexistent/none.txt', problems)
    const text = problems.list.map(formatProblem).join('\n')
    assert.match(
      text,
      /^scenario\.yaml:2:16: the data file none\.txt cannot be read: ENOENT.+\[TOC_DATA_READ\]/,
    )
  })
})
