import type { Problems } from '@tocsin/diagnostic'
import {
  type CacheGauge,
  createEnrichers,
  DataFiles,
  DateReader,
  DnsCache,
  Geo,
  openGeoDatabase,
  type Resolver,
  Stashes,
} from '@tocsin/enrich'
import { createFunctions, type Functions } from '@tocsin/helpers'
import type { RuleItem } from '@tocsin/hub'
import type { Clock } from '@tocsin/model'
import { type Log, silentLog } from '@tocsin/telemetry'
import { Engine, type EngineOptions } from './engine.ts'
import { loadRules, type RuleSet } from './load-rules.ts'
import { RuleFailureCounts } from './rule-failure-counts.ts'

/** What detection gets from outside. */
export interface DetectionServices {
  readonly clock: Clock
  readonly log?: Log
  /** The year of log dates that carry none; the clock's when left out. */
  readonly currentYear?: () => number
  /** Where a data file of a rule is; undefined when it is not on this machine. */
  readonly findData: (file: {
    readonly destFile: string
    readonly sourceUrl: string
  }) => string | undefined
  /** GeoIP databases (MMDB). */
  readonly cityDatabase?: string | undefined
  readonly asnDatabase?: string | undefined
  /** Without one no name is ever looked up: replays and tests stay off the network. */
  readonly resolver?: Resolver
  /** Where `stash:` remembers; made when left out. */
  readonly stashes?: Stashes
  /** Where failures of rules are counted; made when left out. */
  readonly failures?: RuleFailureCounts
  readonly isSimulated?: (scenario: string) => boolean
  /** As the peer does: a postoverflow stage that took nothing hides the stages after it. */
  readonly stopsAtFailedStage?: boolean
}

/** Compiled rules with everything they look things up in, ready to make an engine of. */
export interface Detection {
  readonly rules: RuleSet
  readonly functions: Functions
  readonly failures: RuleFailureCounts
  /** Data files that rules name and that are not on this machine. */
  readonly missingData: readonly string[]
  /** What caches hold and how often they had what was asked for; every one has its bound. */
  cacheGauges(): CacheGauge[]
  createEngine(options: Omit<EngineOptions, 'clock' | 'failures'>): Engine
}

/** Compiles rules and opens what they read. What is wrong is reported; the rest works. */
export function createDetection(
  items: readonly RuleItem[],
  services: DetectionServices,
  problems: Problems,
): Detection {
  const { clock, log = silentLog, currentYear, findData } = services
  const dates = new DateReader({ clock, ...(currentYear ? { currentYear } : {}) })
  const geo = openGeo(services, log)
  const dns = new DnsCache({ clock, resolver: services.resolver })
  const stashes = services.stashes ?? new Stashes(clock)
  const dataFiles = new DataFiles({ dns })
  const failures = services.failures ?? new RuleFailureCounts()
  const functions = createFunctions({
    clock,
    log,
    dataFiles,
    stashes,
    dns,
    ...(geo ? { geo } : {}),
  })
  const { isSimulated, stopsAtFailedStage = false } = services
  const rules = loadRules(
    items,
    {
      functions,
      enrichers: createEnrichers({ dates, geo, dns, log }),
      createStash: (settings) => stashes.define(settings),
      failures,
      clock,
      stopsAtFailedStage,
      ...(isSimulated ? { isSimulated } : {}),
    },
    problems,
  )
  const missingData: string[] = []
  for (const file of rules.dataFiles) {
    const path = findData(file)
    if (path === undefined) {
      missingData.push(file.destFile)
      problems.warn(
        file.span,
        'TOC_DATA_MISSING',
        `the data file ${file.destFile} is not on this machine`,
        'put it into the data directory (--data)',
      )
    } else {
      dataFiles.load(file, path, problems)
    }
  }
  return {
    rules,
    functions,
    failures,
    missingData,
    cacheGauges: () => [
      ...(geo ? [geo.gauge()] : []),
      dns.gauge(),
      ...dataFiles.cacheGauges(),
      ...stashes
        .sizes()
        .map(({ strategy, ...gauge }) => ({ ...gauge, name: `stash ${gauge.name}` })),
    ],
    createEngine: (options) => new Engine(rules, { ...options, clock, failures }),
  }
}

function openGeo({ cityDatabase, asnDatabase }: DetectionServices, log: Log): Geo | undefined {
  if (cityDatabase === undefined && asnDatabase === undefined) return undefined
  const city = cityDatabase === undefined ? undefined : openGeoDatabase(cityDatabase)
  const asn = asnDatabase === undefined ? undefined : openGeoDatabase(asnDatabase)
  return new Geo({ city, asn, log })
}
