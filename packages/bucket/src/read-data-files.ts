import type { Problems } from '@tocsin/diagnostic'
import { parseDuration } from '@tocsin/model'
import { MapReader, type YamlMap } from '@tocsin/yaml'
import type { DataFile } from './scenario.ts'

/** Reads the `data` entries of a scenario; one that names no file is left out with a warning. */
export function readDataFiles(maps: readonly YamlMap[], problems: Problems): DataFile[] {
  return maps.flatMap((map) => readDataFile(map, problems) ?? [])
}

function readDataFile(map: YamlMap, problems: Problems): DataFile | undefined {
  const reader = new MapReader(map, problems, 'data')
  const sourceUrl = reader.text('source_url') ?? ''
  const destFile = reader.text('dest_file') ?? ''
  const type = reader.text('type') ?? ''
  const hasCacheSettings = ['strategy', 'size', 'ttl'].some((key) => reader.has(key))
  const cache = {
    isEnabled: (reader.boolean('cache') ?? true) && hasCacheSettings,
    strategy: reader.text('strategy') ?? '',
    size: reader.integer('size') ?? 0,
    ttlNanos: readTtl(reader, problems),
  }
  reader.finish()
  if (destFile === '') {
    return problems.warn(
      map.span,
      'TOC_SCENARIO_DATA',
      'dest_file is missing, so nothing is loaded',
    )
  }
  return { span: reader.span('dest_file'), sourceUrl, destFile, type, cache }
}

function readTtl(reader: MapReader, problems: Problems): number {
  const text = reader.text('ttl') ?? ''
  if (text === '') return 0
  const nanos = parseDuration(text)
  if (nanos !== undefined) return nanos
  problems.error(
    reader.span('ttl'),
    'TOC_SCENARIO_DATA',
    `ttl "${text}" is not a duration`,
    'for example "10s"',
  )
  return 0
}
