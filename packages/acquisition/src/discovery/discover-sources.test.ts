import assert from 'node:assert/strict'
import { matchesGlob } from 'node:path'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { readYaml } from '@tocsin/yaml'
import { readAcquisition } from '../config/read-acquisition.ts'
import { discoverSources } from './discover-sources.ts'
import { type DiscoveryHost, thisMachine } from './discovery-host.ts'
import { formatAcquisition } from './format-discovery.ts'
import { knownServices } from './known-services.ts'

const journal = ['/usr/bin/journalctl', '/var/log/journal']
const unit = (name: string) => `/lib/systemd/system/${name}.service`

function machine(paths: readonly string[], denied: readonly string[] = []): DiscoveryHost {
  const all = [...paths, ...denied]
  return {
    glob: async (pattern) => all.filter((path) => matchesGlob(path, pattern)),
    access: async (path) => {
      if (!all.includes(path)) return 'missing'
      return denied.includes(path) ? 'denied' : 'readable'
    },
  }
}

async function discover(paths: readonly string[], denied?: readonly string[]) {
  const discovery = await discoverSources(machine(paths, denied))
  const states = discovery.services.filter(({ state }) => state !== 'absent')
  return {
    ...discovery,
    states: Object.fromEntries(states.map(({ name, state }) => [name, state])),
    brief: discovery.sources.map(({ type, filters }) => `${type}: ${filters.join(' ')}`),
  }
}

suite('discoverSources', () => {
  test('a bare machine: nothing, and all that was looked for', async () => {
    const { sources, services, collections } = await discover([])
    assert.deepEqual([sources, collections], [[], []])
    assert.equal(services.length, knownServices.length)
  })

  test('a web server with ssh and logs in files', async () => {
    const { brief, states, collections } = await discover([
      ...['/var/log/auth.log', '/var/log/auth.log.1', '/var/log/syslog', unit('ssh')],
      ...['/var/log/nginx/access.log', '/var/log/nginx/error.log', '/var/log/nginx/a.log.2.gz'],
    ])
    assert.deepEqual(brief, [
      'syslog: /var/log/auth.log /var/log/syslog',
      'nginx: /var/log/nginx/*.log',
    ])
    assert.deepEqual(states, { sshd: 'found', linux: 'found', nginx: 'found' })
    assert.deepEqual(collections, [
      'crowdsecurity/sshd',
      'crowdsecurity/linux',
      'crowdsecurity/nginx',
    ])
  })

  test('without files the journal is read, one source for all units', async () => {
    const { brief } = await discover([...journal, unit('ssh'), unit('postfix')])
    assert.deepEqual(brief, ['syslog: _SYSTEMD_UNIT=ssh.service _SYSTEMD_UNIT=postfix.service'])
  })

  test('without journal and files the service is silent, and said so', async () => {
    const { sources, states } = await discover([unit('sshd'), unit('nginx')])
    assert.deepEqual(sources, [])
    assert.deepEqual(states, { sshd: 'silent', nginx: 'silent' })
  })

  test('a mail log of two services is read once', async () => {
    const { brief, sources } = await discover([
      ...['/var/log/mail.log', unit('postfix'), unit('dovecot')],
    ])
    assert.deepEqual(brief, ['syslog: /var/log/mail.log'])
    assert.deepEqual(sources[0]?.services, ['postfix', 'dovecot'])
  })

  test('the error log of a database is of the one that is installed', async () => {
    const log = '/var/log/mysql/error.log'
    assert.deepEqual((await discover([log, unit('mariadb')])).brief, [`mariadb: ${log}`])
    assert.deepEqual((await discover([log, unit('mysql')])).brief, [`mysql: ${log}`])
    assert.deepEqual((await discover([log])).brief, [`mysql: ${log}`])
  })

  test('logs that may not be read are a source all the same, and are named', async () => {
    const { states, services, brief } = await discover([], ['/var/log/auth.log'])
    assert.deepEqual(states, { sshd: 'denied' })
    assert.deepEqual(services[0]?.deniedPaths, ['/var/log/auth.log'])
    assert.deepEqual(brief, ['syslog: /var/log/auth.log'])
  })

  test('what it writes is read as an acquisition file without a complaint', async () => {
    const everything = knownServices.flatMap(({ paths, units }) => [
      ...paths.map((path) => path.replaceAll('*', 'x')),
      ...units.map((name) => `/etc/systemd/system/${name}`),
    ])
    for (const paths of [everything, [...journal, unit('ssh'), unit('dovecot')], []]) {
      const discovery = await discover(paths)
      const text = formatAcquisition(discovery)
      const problems = new Problems()
      const documents = readYaml(new SourceText('found', text), problems).map(({ root }) => root)
      const environment = { variables: new Map(), functions: new Map() }
      const sources = readAcquisition(documents, { environment, folder: '/', problems })
      assert.deepEqual(problems.list, [])
      assert.equal(sources.length, discovery.sources.length)
      assert.deepEqual(
        sources.map(({ labels }) => labels.type),
        discovery.sources.map(({ type }) => type),
      )
    }
  })

  test('this machine can be asked', async () => {
    const { services } = await discoverSources(thisMachine)
    assert.equal(services.length, knownServices.length)
    assert.equal(await thisMachine.access(import.meta.filename), 'readable')
    assert.equal(await thisMachine.access('/nowhere/at all'), 'missing')
    assert.deepEqual(await thisMachine.glob(import.meta.filename), [import.meta.filename])
    assert.deepEqual(await thisMachine.glob('/nowhere/at all'), [])
  })
})
