import { type Problems, type Span, suggest } from '@tocsin/diagnostic'
import { compileExpression, type Environment, type Expression } from '@tocsin/expr'
import { createTextDict, type TextDict } from '@tocsin/model'
import { MapReader, type YamlMap, type YamlNode } from '@tocsin/yaml'
import type { Source } from '../source.ts'
import { createTransform } from '../transform.ts'
import { isLogLevel, type LogLevel, limitLog, logLevels } from './log-level.ts'
import type { SourceKind, SourceMode, SourceTools } from './source-kind.ts'
import { sourceKinds, unbuiltModules } from './source-kinds.ts'

/** One source of the acquisition files, checked and ready to be made. */
export interface ConfiguredSource {
  /** Unique among the sources of an installation, and the same after a restart. */
  readonly name: string
  readonly module: string
  readonly labels: TextDict
  readonly mode: SourceMode
  /** Whether time is the line's, as in a replay, and not the wall's. */
  readonly usesLineTime: boolean
  /** Where it stands. */
  readonly span: Span
  create(tools: SourceTools): Source
}

export interface AcquisitionReading {
  /** What `transform` may name: `evt` and the helper functions. */
  readonly environment: Environment
  /** What relative paths are relative to. */
  readonly folder: string
  readonly problems: Problems
}

/** Reads the documents of acquisition files; a document with an error gives no source. */
export function readAcquisition(
  documents: readonly (YamlNode | undefined)[],
  reading: AcquisitionReading,
): ConfiguredSource[] {
  const names = new Map<string, number>()
  const sources: ConfiguredSource[] = []
  for (const root of documents) {
    if (!root || (root.kind === 'scalar' && root.isNull)) continue
    if (root.kind !== 'map') {
      const message = `a source is a map of keys, not a ${root.kind}`
      reading.problems.error(root.span, 'TOC_ACQUIS_SHAPE', message)
      continue
    }
    const source = readSource(root, reading, names)
    if (source) sources.push(source)
  }
  return sources
}

function readSource(
  map: YamlMap,
  { environment, folder, problems }: AcquisitionReading,
  names: Map<string, number>,
): ConfiguredSource | undefined {
  const errorsBefore = problems.errorCount
  const reader = new MapReader(map, problems, 'source')
  const kind = readKind(reader, problems)
  if (!kind) return undefined
  const labels = readLabels(reader, problems)
  const mode = readMode(reader, problems)
  const level = readLevel(reader, problems)
  const givenName = reader.text('name')
  const usesTimeMachine = reader.boolean('use_time_machine') ?? false
  // Set by tools that write acquisition files; nothing depends on it.
  reader.text('unique_id')
  const transform = readTransform(reader, environment, problems)
  const modeSpan = reader.span('mode')
  const design = kind.read({ reader, mode, modeSpan, folder, problems })
  reader.finish()
  if (problems.errorCount > errorsBefore || !design || !labels) return undefined
  const name = uniqueName(`${kind.module}:${givenName || design.subject}`, names)
  return {
    ...{ name, module: kind.module, labels, mode, span: reader.mapSpan },
    usesLineTime: usesTimeMachine || mode === 'cat',
    create: (tools) => {
      const log = limitLog(tools.log, level)
      return design.create({
        ...{ ...tools, log, name, labels, mode },
        transform: transform && createTransform(transform, log),
      })
    },
  }
}

function readKind(reader: MapReader, problems: Problems): SourceKind | undefined {
  const module = reader.text('source') || guessModule(reader)
  if (module === undefined) {
    return problems.error(
      reader.mapSpan,
      'TOC_ACQUIS_SOURCE_MISSING',
      'missing "source"',
      'a list of "filenames" makes it a file source, "journalctl_filter" a journal source',
    )
  }
  const kind = sourceKinds.find((known) => known.module === module)
  if (kind) return kind
  if (unbuiltModules.includes(module)) {
    // A warning: what was taken over from another engine must not stop the sources that do work.
    const message = `this version does not read "${module}" sources, the document is skipped`
    return problems.warn(reader.span('source'), 'TOC_ACQUIS_SOURCE_UNBUILT', message)
  }
  const near = suggest(module, new Set(sourceKinds.map((known) => known.module)))
  return problems.error(
    reader.span('source'),
    'TOC_ACQUIS_SOURCE_UNKNOWN',
    `unknown source "${module}"`,
    near === undefined
      ? `known: ${sourceKinds.map((known) => known.module).join(', ')}`
      : `did you mean "${near}"?`,
  )
}

function guessModule(reader: MapReader): string | undefined {
  if (reader.has('filename') || reader.has('filenames')) return 'file'
  return reader.has('journalctl_filter') ? 'journalctl' : undefined
}

function readLabels(reader: MapReader, problems: Problems): TextDict | undefined {
  const map = reader.map('labels')
  if (!map || map.entries.size === 0) {
    const hint = 'labels: {type: syslog} says which parsers take its lines'
    return problems.error(reader.span('labels'), 'TOC_ACQUIS_LABELS', 'missing labels', hint)
  }
  const labels = createTextDict()
  for (const { key, value } of map.entries.values()) {
    if (value.kind === 'scalar') labels[key] = value.text
    else problems.error(value.span, 'TOC_ACQUIS_LABELS', `label "${key}" must be a text`)
  }
  if (labels.type === undefined) {
    const hint = 'most parsers ask for it: type: syslog, type: nginx'
    problems.warn(map.span, 'TOC_ACQUIS_LABELS_TYPE', 'no label "type"', hint)
  }
  return labels
}

function readMode(reader: MapReader, problems: Problems): SourceMode {
  const text = reader.text('mode') || 'tail'
  if (text === 'cat') return 'cat'
  if (text !== 'tail' && text !== 'server') {
    const message = `mode must be tail or cat, not "${text}"`
    problems.error(reader.span('mode'), 'TOC_ACQUIS_MODE', message)
  }
  return 'tail'
}

function readLevel(reader: MapReader, problems: Problems): LogLevel | undefined {
  const text = reader.text('log_level')?.toLowerCase()
  if (text === undefined || text === '' || isLogLevel(text)) return text || undefined
  const message = `"${text}" is no log level`
  const hint = `levels: ${logLevels.join(', ')}`
  return problems.error(reader.span('log_level'), 'TOC_ACQUIS_LEVEL', message, hint)
}

function readTransform(
  reader: MapReader,
  environment: Environment,
  problems: Problems,
): Expression | undefined {
  const text = reader.spannedText('transform')
  if (!text || text.text.trim() === '') return undefined
  return compileExpression(text, environment, problems)
}

/** Positions are kept by name: two sources of the same files must not share one. */
function uniqueName(name: string, names: Map<string, number>): string {
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return count === 1 ? name : `${name}#${count}`
}
