import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { createDetection } from '@tocsin/engine'
import { findDataFile, openHub } from '@tocsin/hub'
import { systemClock } from '@tocsin/model'
import { missingShared, sharedDirectory } from './shared.test-support.ts'

/** Real defects of hub items, each looked at: what is warned of, and how often. */
const knownDefects = {
  // A static of litellm-logs writes to a target that does not exist.
  TOC_PARSER_TARGET: 1,
  // freeswitch and synology-dsm-logs define TIMESTAMP differently.
  TOC_GROK_REDEFINED: 1,
  // Three pairs of documents with the same name, filter and groupby.
  TOC_SCENARIO_SHARED_KEY: 3,
  // http-cve-probing is a trigger with `distinct`.
  TOC_SCENARIO_TRIGGER: 1,
  // Two GeoIP databases and a list of addresses that the mirror does not have.
  TOC_DATA_MISSING: 3,
}

suite('the whole hub', { skip: missingShared('hub/parsers') }, () => {
  test('loads without an error, within 4 s, and warns only of real defects', () => {
    const problems = new Problems()
    const startedMs = performance.now()
    const items = openHub(join(sharedDirectory, 'hub'), problems).loadAll(problems)
    const findData = (file: { destFile: string; sourceUrl: string }) =>
      findDataFile(join(sharedDirectory, 'hub-data'), file)
    const { rules } = createDetection(items, { clock: systemClock, findData }, problems)
    const tookMs = performance.now() - startedMs
    const errors = problems.list.filter((problem) => problem.severity === 'error')
    assert.deepEqual(errors.map(formatProblem), [])
    const counts: Record<string, number> = {}
    for (const { code } of problems.list) counts[code] = (counts[code] ?? 0) + 1
    assert.deepEqual(counts, knownDefects)
    assert.ok(rules.parsers.nodes.length >= 165)
    assert.ok(rules.scenarios.length >= 840)
    assert.ok(tookMs < 4000, `${Math.round(tookMs)} ms`)
  })
})
