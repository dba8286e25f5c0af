import { Problems, SourceText } from '@tocsin/diagnostic'
import type { RuleItem } from '@tocsin/hub'
import type { TimeMode } from '@tocsin/model'
import { createDetection, type Detection, type DetectionServices } from '../detection.ts'
import type { LineFailures } from './line-failures.ts'
import type { LineWatch } from './line-watch.ts'

/** What a worker makes its rules from: plain data, as it goes to another thread. */
export interface WorkerSeed {
  readonly items: readonly RuleItem[]
  /** Where data files are, by name and address. */
  readonly dataPaths: ReadonlyMap<string, string>
  readonly cityDatabase: string | undefined
  readonly asnDatabase: string | undefined
  /** The year of dates without one; that of the lines around them when left out. */
  readonly year: number | undefined
  readonly mode: TimeMode
}

type SeedServices = Pick<DetectionServices, 'findData' | 'cityDatabase' | 'asnDatabase'>

/** The seed of the rules of a detection. */
export function createWorkerSeed(
  items: readonly RuleItem[],
  detection: Detection,
  services: SeedServices,
  options: { readonly mode: TimeMode; readonly year: number | undefined },
): WorkerSeed {
  const dataPaths = new Map<string, string>()
  for (const file of detection.rules.dataFiles) {
    const path = services.findData(file)
    if (path !== undefined) dataPaths.set(dataKey(file), path)
  }
  return {
    // Only the text of a rule is needed there; where its lines begin is worked out again.
    items: items.map((item) => ({ ...item, source: { ...item.source } as SourceText })),
    dataPaths,
    cityDatabase: services.cityDatabase,
    asnDatabase: services.asnDatabase,
    ...options,
  }
}

/** The rules of a seed, compiled anew. Their problems were reported by whoever made the seed. */
export function growDetection(
  seed: WorkerSeed,
  watch: LineWatch,
  failures: LineFailures,
): Detection {
  const { year, cityDatabase, asnDatabase, dataPaths } = seed
  const items = seed.items.map((item) => {
    return { ...item, source: new SourceText(item.source.name, item.source.text) }
  })
  return createDetection(
    items,
    {
      clock: watch.clock,
      stashes: watch.stashes,
      failures: failures.ofParsers,
      currentYear: year === undefined ? watch.currentYear : () => year,
      findData: (file) => dataPaths.get(dataKey(file)),
      cityDatabase,
      asnDatabase,
    },
    new Problems(),
  )
}

function dataKey(file: { readonly destFile: string; readonly sourceUrl: string }): string {
  return `${file.destFile}\0${file.sourceUrl}`
}
