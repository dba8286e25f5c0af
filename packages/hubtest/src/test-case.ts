import { join } from 'node:path'
import { type Problems, SourceText } from '@tocsin/diagnostic'
import { MapReader, readYaml, type YamlMap } from '@tocsin/yaml'

/** What a test's `config.yaml` asks for. */
export interface TestCase {
  readonly name: string
  readonly directory: string
  readonly parsers: readonly string[]
  readonly scenarios: readonly string[]
  readonly postoverflows: readonly string[]
  readonly logFile: string
  readonly logType: string
  readonly labels: Readonly<Record<string, string>>
  readonly ignoresParsers: boolean
  readonly overrideStatics: readonly YamlMap[]
}

/** Reads `config.yaml` of a test; keys it does not know are ignored, as hub tests carry such. */
export function readTestCase(
  name: string,
  directory: string,
  configText: string,
  problems: Problems,
): TestCase | undefined {
  const source = new SourceText(join(directory, 'config.yaml'), configText)
  const root = readYaml(source, problems)[0]?.root
  if (root?.kind !== 'map') {
    return problems.error(source.name, 'TOC_HUBTEST_CONFIG', 'a test configuration is a map')
  }
  const reader = new MapReader(root, problems, 'test')
  const names = (key: string) => (reader.textList(key) ?? []).filter((text) => text !== '')
  const logFile = reader.text('log_file') ?? ''
  if (logFile === '') {
    return problems.error(reader.mapSpan, 'TOC_HUBTEST_CONFIG', 'a test needs a log_file')
  }
  return {
    name,
    directory,
    parsers: names('parsers'),
    scenarios: names('scenarios'),
    postoverflows: names('postoverflows'),
    logFile: join(directory, logFile),
    logType: reader.text('log_type') ?? '',
    labels: readLabels(reader.map('labels')),
    ignoresParsers: reader.boolean('ignore_parsers') ?? false,
    overrideStatics: reader.mapList('override_statics'),
  }
}

function readLabels(map: YamlMap | undefined): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const { key, value } of map?.entries.values() ?? []) {
    if (value.kind === 'scalar') labels[key] = value.text
  }
  return labels
}
