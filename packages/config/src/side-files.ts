import { existsSync, readFileSync } from 'node:fs'
import { type Problems, SourceText } from '@tocsin/diagnostic'
import { readYaml } from '@tocsin/yaml'
import type { Variables } from './expand-variables.ts'
import { SectionReader } from './section-reader.ts'
import { readYamlFile } from './yaml-file.ts'

/** Which scenarios only pretend: all but the exclusions, or only them. */
export interface Simulation {
  readonly isSimulated: boolean
  readonly exclusions: ReadonlySet<string>
}

/** Reads `simulation.yaml`; a missing file simulates nothing. */
export function readSimulation(path: string, problems: Problems): Simulation {
  if (!existsSync(path)) return { isSimulated: false, exclusions: new Set() }
  const map = readYamlFile(path, { hasOverlay: true }, problems)
  if (!map) return { isSimulated: false, exclusions: new Set() }
  const reader = new SectionReader(
    map,
    { name: 'simulation', span: map.span, directory: '/' },
    problems,
  )
  const simulation = {
    isSimulated: reader.boolean('simulation') ?? false,
    exclusions: new Set(reader.texts('exclusions')),
  }
  reader.close()
  return simulation
}

/** What is told to the central service beside plain signals. */
export interface ConsoleOptions {
  readonly sharesCustom: boolean
  readonly sharesTainted: boolean
  readonly sharesManual: boolean
  readonly sharesContext: boolean
  readonly isManaged: boolean
}

/** Reads `console.yaml`; what is missing has its default. Unknown keys are not looked at. */
export function readConsole(path: string, problems: Problems): ConsoleOptions {
  const map = existsSync(path) ? readYamlFile(path, {}, problems) : undefined
  const span = map?.span ?? new SourceText(path, '').span(0, 0)
  const reader = new SectionReader(map, { name: 'console', span, directory: '/' }, problems)
  return {
    sharesCustom: reader.boolean('share_custom') ?? true,
    sharesTainted: reader.boolean('share_tainted') ?? true,
    sharesManual: reader.boolean('share_manual_decisions') ?? false,
    sharesContext: reader.boolean('share_context') ?? false,
    isManaged: reader.boolean('console_management') ?? false,
  }
}

export const featureFlags = [
  'disable_http_retry_backoff',
  're2_grok_support',
  're2_disable_grok_support',
  're2_regexp_in_file_support',
  'pprof_block_profile',
  'chunked_decisions_stream',
  'papi_client',
] as const
export type FeatureFlag = (typeof featureFlags)[number]

/** Reads the flags of `feature.yaml`, a list of names, and of `CROWDSEC_FEATURE_<NAME>` variables. */
export function readFeatureFlags(
  path: string,
  variables: Variables,
  problems: Problems,
): ReadonlySet<FeatureFlag> {
  const flags = new Set<FeatureFlag>()
  const documents = existsSync(path)
    ? readYaml(new SourceText(path, readFileSync(path, 'utf8')), problems)
    : []
  for (const { root } of documents) {
    if (root?.kind !== 'list') continue
    for (const item of root.items) {
      const name = item.kind === 'scalar' ? item.text : ''
      const flag = featureFlags.find((candidate) => candidate === name)
      if (flag) flags.add(flag)
      else problems.warn(item.span, 'TOC_CONFIG_FLAG', `unknown feature flag "${name}"`)
    }
  }
  for (const flag of featureFlags) {
    const value = variables[`CROWDSEC_FEATURE_${flag.toUpperCase()}`]
    if (value === 'true') flags.add(flag)
    else if (value === 'false') flags.delete(flag)
  }
  return flags
}
