import type { Problems, SourceText } from '@tocsin/diagnostic'
import { type HubItemType, hasStages, hubItemTypes } from './item.ts'

/** What the index knows of one item. */
export interface IndexItem {
  readonly type: HubItemType
  /** `crowdsecurity/ssh-bf`. */
  readonly name: string
  /** Relative to the hub: `scenarios/crowdsecurity/ssh-bf.yaml`. */
  readonly path: string
  readonly stage: string
  /** The latest. */
  readonly version: string
  /** Highest version of each SHA-256; empty when there is no index. */
  readonly versionByDigest: ReadonlyMap<string, string>
  readonly description: string
  readonly labels: Readonly<Record<string, unknown>>
}

/** All items, by type and name. */
export type HubIndex = Readonly<Record<HubItemType, ReadonlyMap<string, IndexItem>>>

/** Reads an `.index.json`; every unusable item is reported and left out. */
export function readIndex(source: SourceText, problems: Problems): HubIndex {
  const data = readJson(source, problems)
  const index = emptyIndex()
  if (data === undefined) return index
  if (!isRecord(data)) {
    problems.error(source.name, 'TOC_HUB_INDEX', 'the hub index must be an object of item types')
    return index
  }
  for (const type of hubItemTypes) {
    const items = data[type] ?? {}
    if (!isRecord(items)) {
      problems.error(source.name, 'TOC_HUB_INDEX', `"${type}" must be an object of items`)
      continue
    }
    for (const [name, value] of Object.entries(items)) {
      const item = readItem(type, name, value, source.name, problems)
      if (item) index[type].set(name, item)
    }
  }
  return index
}

/** An index without items. */
export function emptyIndex(): Record<HubItemType, Map<string, IndexItem>> {
  return Object.fromEntries(hubItemTypes.map((type) => [type, new Map()])) as unknown as Record<
    HubItemType,
    Map<string, IndexItem>
  >
}

function readItem(
  type: HubItemType,
  name: string,
  value: unknown,
  file: string,
  problems: Problems,
): IndexItem | undefined {
  const refuse = (reason: string): undefined =>
    problems.error(file, 'TOC_HUB_INDEX', `${type}:${name} ${reason}`, 'update the hub index')
  if (!isRecord(value)) return refuse('has no index metadata')
  const path = textOf(value.path)
  const stage = textOf(value.stage)
  if (path === '') return refuse('has no download path')
  if (!isInside(path)) return refuse(`has a path outside the hub: "${path}"`)
  if (hasStages(type) && stage === '') return refuse('has no stage')
  return {
    type,
    name,
    path,
    stage,
    version: textOf(value.version),
    versionByDigest: readDigests(value.versions),
    description: textOf(value.description),
    labels: isRecord(value.labels) ? value.labels : {},
  }
}

function readDigests(versions: unknown): ReadonlyMap<string, string> {
  const byDigest = new Map<string, string>()
  if (!isRecord(versions)) return byDigest
  for (const [version, details] of Object.entries(versions)) {
    const digest = isRecord(details) ? textOf(details.digest) : ''
    const known = byDigest.get(digest)
    if (known === undefined || compareVersions(version, known) > 0) byDigest.set(digest, version)
  }
  return byDigest
}

/** Orders versions by their numbers: `0.10` is above `0.9`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = Number(left[i] ?? 0) - Number(right[i] ?? 0)
    if (difference !== 0) return Number.isNaN(difference) ? (a < b ? -1 : 1) : difference
  }
  return 0
}

function readJson(source: SourceText, problems: Problems): unknown {
  try {
    return JSON.parse(source.text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const at = Number(/at position (\d+)/.exec(reason)?.[1] ?? source.text.length)
    const message = 'the hub index is not valid JSON'
    const span = source.span(at, at + 1)
    return problems.error(span, 'TOC_HUB_INDEX', message, 'update the hub index')
  }
}

/** Whether a relative path stays below where it starts. */
export function isInside(path: string): boolean {
  if (path.startsWith('/') || path.includes('\0')) return false
  let depth = 0
  for (const part of path.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return false
  }
  return true
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
