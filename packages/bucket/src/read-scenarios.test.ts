import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { readYaml } from '@tocsin/yaml'
import { testEnvironments } from './environment.test-support.ts'
import { lintScenarios } from './lint-scenarios.ts'
import { readScenarios, type ScenarioOrigin } from './read-scenarios.ts'

function read(text: string, origin?: ScenarioOrigin) {
  const problems = new Problems()
  const documents = readYaml(new SourceText('scenario.yaml', text), problems)
  const scenarios = readScenarios(documents, testEnvironments, problems, origin)
  lintScenarios(scenarios, problems)
  return { scenarios, problems: problems.list }
}

const minimal = `type: leaky
name: acme/bf
description: brute force
filter: evt.Meta.log_type == 'failed'
capacity: 5
leakspeed: 10s
`

suite('readScenarios', () => {
  test('the least there can be', () => {
    const { scenarios, problems } = read(minimal)
    assert.deepEqual(problems.map(formatProblem), [])
    const [scenario] = scenarios
    assert.equal(scenario?.capacity, 5)
    assert.equal(scenario?.leakSpeedNanos, 10e9)
    assert.equal(scenario?.filter.text, "evt.Meta.log_type == 'failed'")
    assert.deepEqual(scenario?.scope, { type: 'Ip', expression: undefined })
    assert.equal(scenario?.hasRemediation, false)
  })

  test('every key', () => {
    const { scenarios, problems } = read(
      `${minimal.replace('5\n', '40\n')}format: 2.0
groupby: evt.Meta.source_ip + '/' + evt.Parsed.user
distinct: evt.Meta.user
cancel_on: evt.Meta.done == 'yes'
condition: len(queue.Queue) > 2 && leaky.Total_count > 1
overflow_filter: queue.L > 1 && signal.Mapkey != ''
blackhole: 1h30m
duration: 1m
cache_size: 10
bayesian_prior: 0.5
bayesian_threshold: 0.8
bayesian_conditions:
  - condition: any(queue.Queue, {.Meta.user == 'root'})
    prob_given_evil: 0.9
    prob_given_benign: 0.1
    guillotine: yes
scope:
  type: user
  expression: evt.Meta.user
labels: {remediation: yes, confidence: 3, classification: [attack.T1110]}
reprocess: on
references: [https://example.org]
debug: false
version: 9
data:
  - source_url: https://example.org/a.txt
    dest_file: a.txt
    type: regexp
    strategy: LRU
    size: 40
    ttl: 5s
`,
      { version: '1.2', hash: 'abc', isSimulated: (name) => name === 'acme/bf' },
    )
    assert.deepEqual(problems.map(formatProblem), [])
    const [scenario] = scenarios
    assert.ok(scenario?.reprocess && scenario.hasRemediation && scenario.isSimulated)
    assert.deepEqual([scenario.version, scenario.hash], ['1.2', 'abc'])
    assert.equal(scenario.blackholeNanos, 5400e9)
    assert.equal(scenario.bayesian?.threshold, Math.fround(0.8))
    assert.deepEqual(scenario.condition?.variables, ['evt', 'queue', 'leaky'])
    assert.equal(scenario.data[0]?.cache.ttlNanos, 5e9)
  })

  const remediations: Readonly<Record<string, boolean>> = {
    true: true,
    yes: true,
    '"true"': false,
    '1': false,
    false: false,
  }
  for (const [text, expected] of Object.entries(remediations)) {
    test(`remediation: ${text}`, () => {
      const { scenarios } = read(`${minimal}labels: {remediation: ${text}}\n`)
      assert.equal(scenarios[0]?.hasRemediation, expected)
    })
  }

  test('a document with an error does not spoil the others', () => {
    const { scenarios } = read(`type: leeky\n---\n${minimal}---\n# nothing\n`)
    assert.deepEqual(
      scenarios.map(({ name }) => name),
      ['acme/bf'],
    )
  })

  test('an unknown format is skipped, whatever else it holds', () => {
    const { scenarios, problems } = read('name: x\nformat: 4.0\nnovelty: yes\n')
    assert.equal(scenarios.length, 0)
    assert.deepEqual(
      problems.map(({ severity, code }) => `${severity} ${code}`),
      ['warning TOC_SCENARIO_FORMAT'],
    )
  })

  for (const text of ['- a list', 'text', '[]', 'name: [', '\u0000', '{{{{', '&a *a']) {
    test(`${JSON.stringify(text)} is a problem, no exception`, () => {
      const { scenarios, problems } = read(text)
      assert.equal(scenarios.length, 0)
      assert.ok(problems.length > 0)
    })
  }
})

/** Between the input and what is said about it. */
const rule = `\n${'-'.repeat(40)}\n`

suite('what users see', () => {
  const folder = join(import.meta.dirname, 'testdata')
  for (const file of globSync('*.golden', { cwd: folder }).sort()) {
    test(file, () => {
      const path = join(folder, file)
      const [input = '', expected] = readFileSync(path, 'utf8').split(rule)
      const said = `${read(input).problems.map(formatProblem).join('\n')}\n`
      if (process.argv.includes('--update')) writeFileSync(path, input + rule + said)
      else assert.equal(said, expected)
    })
  }
})
