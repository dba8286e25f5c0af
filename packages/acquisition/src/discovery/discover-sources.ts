import { isCompressedName } from '../file/rotated-files.ts'
import type { DiscoveryHost } from './discovery-host.ts'
import { type KnownService, knownServices } from './known-services.ts'

/** A source that would read what was found; sources of the same type are one. */
export interface DiscoveredSource {
  readonly module: 'file' | 'journalctl'
  readonly type: string
  /** The services whose lines it reads. */
  readonly services: readonly string[]
  /** Patterns of paths, or filters of the journal. */
  readonly filters: readonly string[]
}

/**
 * - `found`: its logs are read
 * - `denied`: there are logs, and this user may not read them
 * - `silent`: it is installed and nothing of it can be read: it logs elsewhere
 * - `absent`: nothing of it is here
 */
export type ServiceState = 'found' | 'denied' | 'silent' | 'absent'

/** What was found of a service: `{ name: 'nginx', state: 'found', paths: ['/var/log/nginx/access.log'] }`. */
export interface FoundService {
  readonly name: string
  readonly title: string
  readonly state: ServiceState
  /** Its log files, those that may not be read among them. */
  readonly paths: readonly string[]
  readonly deniedPaths: readonly string[]
  /** The unit whose journal is read, when its logs are there. */
  readonly journalUnit: string | undefined
  readonly collections: readonly string[]
}

/** What this machine has to watch. */
export interface Discovery {
  readonly sources: readonly DiscoveredSource[]
  /** All known services, present or not. */
  readonly services: readonly FoundService[]
  /** What to install from the hub for what was found. */
  readonly collections: readonly string[]
}

const unitFolders = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system']
const journalFolders = ['/var/log/journal', '/run/log/journal']
const journalPrograms = ['/usr/bin/journalctl', '/bin/journalctl']

interface Look extends FoundService {
  readonly service: KnownService
  /** The patterns that matched. */
  readonly patterns: readonly string[]
}

/** Looks for the logs of known services; reads nothing but names and permissions. */
export async function discoverSources(host: DiscoveryHost): Promise<Discovery> {
  const hasJournal =
    (await isAnyThere(host, journalPrograms)) && (await isAnyThere(host, journalFolders))
  const claimed = new Map<string, string>()
  const looks: Look[] = []
  for (const service of knownServices) {
    looks.push(await lookFor(service, host, hasJournal, claimed))
  }
  const found = looks.filter(({ state }) => state === 'found' || state === 'denied')
  return {
    sources: [...fileSources(found), ...journalSources(found)],
    services: looks.map(({ service: _, patterns: __, ...look }) => look),
    collections: [...new Set(found.flatMap(({ collections }) => collections))],
  }
}

async function lookFor(
  service: KnownService,
  host: DiscoveryHost,
  hasJournal: boolean,
  claimed: Map<string, string>,
): Promise<Look> {
  const { name, title, units, collections, isKnownByUnit = false, logsToJournal = false } = service
  const unit = await findUnit(host, units)
  const paths: string[] = []
  const patterns: string[] = []
  const mayClaim = !isKnownByUnit || unit !== undefined
  for (const pattern of mayClaim ? service.paths : []) {
    // A file has one type: it goes to whom it is certain to belong, and is not read twice.
    const matching = (await host.glob(pattern)).filter((path) => {
      return !isCompressedName(path) && (claimed.get(path) ?? service.type) === service.type
    })
    if (matching.length === 0) continue
    patterns.push(pattern)
    paths.push(...matching)
    for (const path of matching) claimed.set(path, service.type)
  }
  const deniedPaths: string[] = []
  for (const path of paths) if ((await host.access(path)) === 'denied') deniedPaths.push(path)
  const journalUnit = paths.length === 0 && logsToJournal && hasJournal ? unit : undefined
  const state = stateOf(paths, deniedPaths, journalUnit ?? undefined, unit)
  return {
    ...{ name, title, state, paths, deniedPaths, journalUnit, collections },
    ...{ service, patterns },
  }
}

function stateOf(
  paths: readonly string[],
  deniedPaths: readonly string[],
  journalUnit: string | undefined,
  unit: string | undefined,
): ServiceState {
  if (journalUnit !== undefined) return 'found'
  if (paths.length > 0) return paths.length === deniedPaths.length ? 'denied' : 'found'
  return unit === undefined ? 'absent' : 'silent'
}

/** One source a type: a path named by two services is read once. */
function fileSources(looks: readonly Look[]): DiscoveredSource[] {
  const types = new Map<string, { services: string[]; filters: Set<string> }>()
  for (const { service, patterns, name } of looks) {
    if (patterns.length === 0) continue
    const source = types.get(service.type) ?? { services: [], filters: new Set<string>() }
    types.set(service.type, source)
    source.services.push(name)
    for (const pattern of patterns) source.filters.add(pattern)
  }
  return [...types].map(([type, { services, filters }]) => {
    return { module: 'file', type, services, filters: [...filters] }
  })
}

/** One source for all units: each costs a process. */
function journalSources(looks: readonly Look[]): DiscoveredSource[] {
  const watched = looks.filter(({ journalUnit }) => journalUnit !== undefined)
  if (watched.length === 0) return []
  return [
    {
      ...{ module: 'journalctl', type: 'syslog' },
      services: watched.map(({ name }) => name),
      filters: watched.map(({ journalUnit }) => `_SYSTEMD_UNIT=${journalUnit}`),
    },
  ]
}

async function findUnit(
  host: DiscoveryHost,
  units: readonly string[],
): Promise<string | undefined> {
  for (const unit of units) {
    const places = unitFolders.map((folder) => `${folder}/${unit}`)
    if (await isAnyThere(host, places)) return unit
  }
  return undefined
}

async function isAnyThere(host: DiscoveryHost, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if ((await host.access(path)) !== 'missing') return true
  return false
}
