import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Problems } from '@tocsin/diagnostic'
import { createDetection, type Detection, ReplayClock } from '@tocsin/engine'
import { chooseData, chooseRules, type RuleOptions } from '../../src/rules/rule-options.ts'
import { allPatterns } from './corpus.ts'

const shared = process.env.TOCSIN_SHARED ?? resolve(import.meta.dirname, '../../../../../shared')
const hub = join(shared, 'hub')

/** Rules that must stand hostile lines; `skip` says why they cannot be had here. */
export interface HostileRuleSet {
  readonly name: string
  readonly skip: string | false
  readonly rules: RuleOptions
}

export const ruleSets: readonly HostileRuleSet[] = [
  { name: 'our own rules', skip: false, rules: {} },
  {
    name: 'the hub',
    skip: existsSync(hub) ? false : `no hub at ${hub} (set TOCSIN_SHARED)`,
    rules: { hub, data: [join(shared, 'hub-data')] },
  },
]

/** The rules of a set at work, and their patterns. */
export function loadRuleSet({ rules }: HostileRuleSet): {
  readonly detection: Detection
  readonly patterns: ReturnType<typeof allPatterns>
} {
  const items = chooseRules(rules, new Problems())
  const services = { clock: new ReplayClock(0), ...chooseData(rules) }
  const detection = createDetection(items, services, new Problems())
  return { detection, patterns: allPatterns(detection.rules, items, services.findData) }
}
