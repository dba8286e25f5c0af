import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { type Environment, mapOf, stringType } from '@tocsin/expr'
import { systemClock } from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import { readYaml } from '@tocsin/yaml'
import { loadAcquisition } from './load-acquisition.ts'
import { readAcquisition } from './read-acquisition.ts'

/** Stands for what the engine brings: `evt` is not needed to see where mistakes are. */
const environment: Environment = {
  variables: new Map([['evt', mapOf(stringType)]]),
  functions: new Map(),
}

function read(text: string) {
  const problems = new Problems()
  const documents = readYaml(new SourceText('acquis.yaml', text), problems).map(({ root }) => root)
  const sources = readAcquisition(documents, { environment, folder: '/work-here', problems })
  return { sources, problems: problems.list.map(formatProblem).join('\n') }
}

const tools = { clock: systemClock, log: silentLog, onVerdict: () => {} }

suite('readAcquisition', () => {
  const names: Readonly<Record<string, readonly [text: string, name: string]>> = {
    'a file source that does not say so': [
      'filenames: [/var/log/nginx/*.log, other.log]\nlabels: {type: nginx}',
      'file:/var/log/nginx/*.log,/work-here/other.log',
    ],
    'one file name': ['filename: /a\nlabels: {type: x}', 'file:/a'],
    'a name': ['name: mine\nfilename: /a\nlabels: {type: x}', 'file:mine'],
    'a journal source that does not say so': [
      'journalctl_filter: [_SYSTEMD_UNIT=ssh.service]\nlabels: {type: syslog}',
      'journalctl:_SYSTEMD_UNIT=ssh.service',
    ],
    syslog: ['source: syslog\nlabels: {type: syslog}', 'syslog:udp:127.0.0.1:514'],
    'syslog with keys': [
      'source: syslog\nlisten_addr: ::1\nlisten_port: 1514\nprotocol: tcp\nmax_message_len: 9\n' +
        'disable_rfc_parser: true\nlabels: {type: syslog}',
      'syslog:tcp:::1:1514',
    ],
    'standard input': ['source: stdin\nlabels: {type: x}', 'stdin:stdin'],
    'every key of a file source': [
      'source: file\nfilename: /a\nlabels: {type: x, n: 7, on: true}\nlog_level: Info\nmode: tail\n' +
        'name: ""\nuse_time_machine: false\nunique_id: u\nexclude_regexps: [(?i)\\.GZ$]\n' +
        'max_buffer_size: 100000\nforce_inotify: true\ndiscovery_poll_enable: true\n' +
        'discovery_poll_interval: 1m\npoll_without_inotify: true\ntransform: "[evt.a, evt.b]"',
      'file:/a',
    ],
  }
  for (const [what, [text, name]] of Object.entries(names)) {
    test(what, () => {
      const { sources, problems } = read(text)
      assert.equal(problems, '')
      assert.deepEqual(
        sources.map((source) => source.name),
        [name],
      )
      const [source] = sources
      const made = source?.create(tools)
      assert.equal(made?.name, name)
      assert.equal(made?.labels, source?.labels)
    })
  }

  test('labels are texts, whatever they look like', () => {
    const { sources } = read('filename: /a\nlabels: {type: 404, secure: yes}')
    assert.deepEqual({ ...sources[0]?.labels }, { type: '404', secure: 'yes' })
  })

  test('empty documents are none, and sources of the same files have a name each', () => {
    const one = 'filename: /a\nlabels: {type: x}\n'
    const { sources } = read(`---\n# nothing\n---\n${one}---\n${one}---\n`)
    assert.deepEqual(
      sources.map((source) => source.name),
      ['file:/a', 'file:/a#2'],
    )
  })

  test('time is the line’s when it is asked for, and in mode cat', () => {
    const { sources } = read(
      'filename: /a\nlabels: {type: x}\nuse_time_machine: true\n---\n' +
        'filename: /b\nlabels: {type: x}\nmode: cat\n---\nfilename: /c\nlabels: {type: x}\n',
    )
    assert.deepEqual(
      sources.map((source) => source.usesLineTime),
      [true, true, false],
    )
  })

  const mistakes: Readonly<Record<string, readonly [text: string, problem: string]>> = {
    'an unknown key': [
      'filename: /a\nlabels: {type: x}\nforce_inotfy: true',
      'acquis.yaml:3:1: unknown source key "force_inotfy" [TOC_YAML_UNKNOWN_KEY]',
    ],
    'no source': [
      'labels: {type: x}',
      'acquis.yaml:1:1: missing "source" [TOC_ACQUIS_SOURCE_MISSING]',
    ],
    'an unknown source': [
      'source: fiel\nlabels: {type: x}',
      'acquis.yaml:1:9: unknown source "fiel" [TOC_ACQUIS_SOURCE_UNKNOWN]',
    ],
    'no labels': ['filename: /a', 'acquis.yaml:1:1: missing labels [TOC_ACQUIS_LABELS]'],
    'a label that is no text': [
      'filename: /a\nlabels: {type: [x]}',
      'acquis.yaml:2:16: label "type" must be a text [TOC_ACQUIS_LABELS]',
    ],
    'an unknown mode': [
      'filename: /a\nlabels: {type: x}\nmode: follow',
      'acquis.yaml:3:7: mode must be tail or cat, not "follow" [TOC_ACQUIS_MODE]',
    ],
    'an unknown level': [
      'filename: /a\nlabels: {type: x}\nlog_level: toto',
      'acquis.yaml:3:12: "toto" is no log level [TOC_ACQUIS_LEVEL]',
    ],
    'no file name': [
      'source: file\nlabels: {type: x}',
      'acquis.yaml:1:1: no "filename" and no "filenames" [TOC_ACQUIS_FILENAMES]',
    ],
    'a glob that is none': [
      'filenames: ["/a/[b"]\nlabels: {type: x}',
      'acquis.yaml:1:13: "[" in "[b" is not closed [TOC_ACQUIS_GLOB]',
    ],
    'a pattern that is none': [
      'filename: /a\nlabels: {type: x}\nexclude_regexps: ["a(b"]',
      'acquis.yaml:3:21: ',
    ],
    'a duration without unit': [
      'filename: /a\nlabels: {type: x}\ndiscovery_poll_interval: 30',
      'acquis.yaml:3:26: discovery_poll_interval must be a duration longer than zero, not "30"',
    ],
    'a transform that is none': [
      'filename: /a\nlabels: {type: x}\ntransform: "Split(evt.Line.Raw"',
      'acquis.yaml:3:',
    ],
    'no filter': [
      'source: journalctl\nlabels: {type: x}',
      'acquis.yaml:1:1: journalctl_filter is required [TOC_ACQUIS_JOURNAL]',
    ],
    'a filter that changes the journal': [
      'journalctl_filter: [-u, ssh, --vacuum-time=1s]\nlabels: {type: x}',
      'acquis.yaml:1:30: --vacuum-time does not choose what is read [TOC_ACQUIS_JOURNAL_OPTION]',
    ],
    'a name to listen on': [
      'source: syslog\nlisten_addr: localhost\nlabels: {type: x}',
      'acquis.yaml:2:14: listen_addr must be an address, not "localhost" [TOC_ACQUIS_LISTEN]',
    ],
    'a port that is none': [
      'source: syslog\nlisten_port: 70000\nlabels: {type: x}',
      'acquis.yaml:2:14: listen_port must be from 1 to 65535, not 70000 [TOC_ACQUIS_LISTEN]',
    ],
    'a protocol that is none': [
      'source: syslog\nprotocol: sctp\nlabels: {type: x}',
      'acquis.yaml:2:11: protocol must be udp or tcp, not "sctp" [TOC_ACQUIS_PROTOCOL]',
    ],
    'a document that is no map': ['- a', 'acquis.yaml:1:1: a source is a map of keys, not a list'],
  }
  for (const [what, [text, problem]] of Object.entries(mistakes)) {
    test(`${what} is refused, where it stands`, () => {
      const { sources, problems } = read(text)
      assert.equal(sources.length, 0)
      assert.ok(problems.startsWith(problem), problems)
    })
  }

  test('a mistake does not hide those of other documents, nor their sources', () => {
    const { sources, problems } = read(
      'source: x\n---\nfilename: /a\nlabels: {type: x}\n---\nsource: y\n',
    )
    assert.equal(sources.length, 1)
    assert.match(problems, /:1:9: unknown source "x".*:6:9: unknown source "y"/s)
  })

  test('a source that other engines have and this one has not is skipped with a warning', () => {
    const { sources, problems } = read('source: docker\ncontainer_name: [a]\n')
    assert.equal(sources.length, 0)
    assert.match(problems, /does not read "docker" sources, the document is skipped/)
    assert.match(problems, /warning/)
  })
})

suite('loadAcquisition', () => {
  test('the file, then *.yaml, then *.yml of the folder; what is missing is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-acquis-'))
    try {
      const directory = join(folder, 'acquis.d')
      mkdirSync(join(directory, 'deeper.yaml'), { recursive: true })
      rmSync(join(directory, 'deeper.yaml'), { recursive: true })
      const write = (name: string, of: string) =>
        writeFileSync(join(folder, name), `filename: ${of}\nlabels: {type: x}\n`)
      write('acquis.yaml', '/first')
      write('acquis.d/b.yaml', '/third')
      write('acquis.d/a.yaml', '/second')
      write('acquis.d/a.yml', '/fourth')
      write('acquis.d/a.yaml.bak', '/never')
      const options = { environment, workingDirectory: folder }
      const problems = new Problems()
      const path = join(folder, 'acquis.yaml')
      const { sources, files } = loadAcquisition({ ...options, path, directory }, problems)
      assert.deepEqual(problems.list, [])
      assert.deepEqual(
        sources.map((source) => source.name),
        ['file:/first', 'file:/second', 'file:/third', 'file:/fourth'],
      )
      assert.equal(files.length, 4)
      const nowhere = { path: join(folder, 'no.yaml'), directory: join(folder, 'no.d') }
      assert.deepEqual(loadAcquisition({ ...options, ...nowhere }, problems).sources, [])
      assert.deepEqual(problems.list, [])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
