import type { Problems, SourceText } from '@tocsin/diagnostic'
import { MapReader, readYaml } from '@tocsin/yaml'

/** Which scenarios only pretend: their alerts and decisions are marked and not enforced. */
export class Simulation {
  readonly isGlobal: boolean
  readonly exclusions: ReadonlySet<string>

  constructor(isGlobal: boolean, exclusions: Iterable<string>) {
    this.isGlobal = isGlobal
    this.exclusions = new Set(exclusions)
  }

  /** @param scenario The `name:` of the scenario. */
  isSimulated(scenario: string): boolean {
    return this.isGlobal !== this.exclusions.has(scenario)
  }
}

/**
 * Reads `simulation.yaml`; without one nothing is simulated.
 * @param overlay `simulation.yaml.local`: each key it sets replaces that of the file.
 */
export function readSimulation(
  source: SourceText | undefined,
  problems: Problems,
  overlay?: SourceText,
): Simulation {
  const base = source ? readSettings(source, problems) : {}
  const over = overlay ? readSettings(overlay, problems) : {}
  const isGlobal = over.isGlobal ?? base.isGlobal ?? false
  return new Simulation(isGlobal, over.exclusions ?? base.exclusions ?? [])
}

interface Settings {
  readonly isGlobal?: boolean | undefined
  readonly exclusions?: readonly string[] | undefined
}

function readSettings(source: SourceText, problems: Problems): Settings {
  const root = readYaml(source, problems)[0]?.root
  if (!root) return {}
  if (root.kind !== 'map') {
    problems.error(root.span, 'TOC_HUB_SIMULATION', 'simulation settings must be a map')
    return {}
  }
  const reader = new MapReader(root, problems, 'simulation')
  const settings = {
    isGlobal: reader.boolean('simulation'),
    exclusions: reader.textList('exclusions'),
  }
  reader.finish()
  return settings
}
