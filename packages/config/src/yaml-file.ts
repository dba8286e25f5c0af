import { readFileSync } from 'node:fs'
import { type Problems, SourceText } from '@tocsin/diagnostic'
import { readYaml, type YamlMap } from '@tocsin/yaml'
import { expandVariables, type Variables } from './expand-variables.ts'
import { mergeMaps } from './merge-nodes.ts'

export interface YamlFileOptions {
  /** Whether `<path>.local`, if there is one, is laid over the file. */
  readonly hasOverlay?: boolean
  /** Expands `$NAME` in values; absent for files that have no variables. */
  readonly variables?: Variables
}

/** What a missing or empty file reads as. */
const emptyMap = (path: string): YamlMap => {
  return { kind: 'map', entries: new Map(), span: new SourceText(path, '').span(0, 0) }
}

/**
 * Reads a configuration file as one map; reports and returns undefined when there is no usable one.
 * @param path Absolute, or relative to the working directory; shown as it is in messages.
 */
export function readYamlFile(
  path: string,
  options: YamlFileOptions,
  problems: Problems,
): YamlMap | undefined {
  const text = readText(path)
  if (typeof text !== 'string') {
    return problems.error(path, 'TOC_CONFIG_READ', `cannot read the file: ${text.message}`)
  }
  const base = readMap(path, text, problems)
  if (!base) return undefined
  const overlayPath = `${path}.local`
  const overlayText = options.hasOverlay ? readText(overlayPath) : undefined
  let merged = base
  if (typeof overlayText === 'string') {
    const overlay = readMap(overlayPath, overlayText, problems)
    if (!overlay) return undefined
    merged = mergeMaps(base, overlay, problems)
  } else if (overlayText && overlayText.code !== 'ENOENT') {
    problems.error(overlayPath, 'TOC_CONFIG_READ', `cannot read the file: ${overlayText.message}`)
  }
  if (!options.variables) return merged
  const expanded = expandVariables(merged, options.variables)
  return expanded.kind === 'map' ? expanded : merged
}

interface ReadFailure {
  readonly code: string
  readonly message: string
}

function readText(path: string): string | ReadFailure {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return { code, message: code === 'ENOENT' ? 'there is no such file' : message }
  }
}

function readMap(path: string, text: string, problems: Problems): YamlMap | undefined {
  const errorCount = problems.errorCount
  const documents = readYaml(new SourceText(path, text), problems)
  if (problems.errorCount > errorCount) return undefined
  const [first, second] = documents
  if (second) {
    return problems.error(
      path,
      'TOC_CONFIG_DOCUMENTS',
      'the file must hold one document, not several',
    )
  }
  const root = first?.root
  if (!root || (root.kind === 'scalar' && root.isNull)) return emptyMap(path)
  if (root.kind === 'map') return root
  return problems.error(
    root.span,
    'TOC_CONFIG_KIND',
    `the file must hold a map, not a ${root.kind}`,
  )
}
