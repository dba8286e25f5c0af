import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Problems, SourceText } from '@tocsin/diagnostic'
import type { Environment } from '@tocsin/expr'
import { readYaml, type YamlNode } from '@tocsin/yaml'
import { errnoOf } from '../errno.ts'
import { type ConfiguredSource, readAcquisition } from './read-acquisition.ts'

export interface LoadAcquisitionOptions {
  /** `acquis.yaml`; one that is not there is no file. */
  readonly path: string | undefined
  /** `acquis.d`: its `*.yaml`, then its `*.yml`, each sorted. */
  readonly directory: string | undefined
  readonly environment: Environment
  readonly workingDirectory: string
  /** Expands `$NAME` in values; absent when nothing is to be expanded. */
  readonly expand?: (node: YamlNode) => YamlNode
}

/** What the acquisition files say. */
export interface Acquisition {
  readonly sources: readonly ConfiguredSource[]
  /** The files that were read. */
  readonly files: readonly string[]
}

/** Reads all acquisition files; what is wrong in them becomes problems, all in one run. */
export function loadAcquisition(options: LoadAcquisitionOptions, problems: Problems): Acquisition {
  const { path, directory, environment, workingDirectory, expand = (node) => node } = options
  const files: string[] = []
  const documents: (YamlNode | undefined)[] = []
  for (const file of [...(path === undefined ? [] : [path]), ...listFiles(directory, problems)]) {
    const text = readText(file, problems)
    if (text === undefined) continue
    files.push(file)
    for (const { root } of readYaml(new SourceText(file, text), problems)) {
      documents.push(root && expand(root))
    }
  }
  const reading = { environment, folder: workingDirectory, problems }
  return { sources: readAcquisition(documents, reading), files }
}

function listFiles(directory: string | undefined, problems: Problems): string[] {
  if (directory === undefined) return []
  let names: string[]
  try {
    names = readdirSync(directory).sort()
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return []
    problems.error(directory, 'TOC_ACQUIS_READ', `cannot list the folder: ${messageOf(cause)}`)
    return []
  }
  const ofSuffix = (suffix: string) => names.filter((name) => name.endsWith(suffix))
  return [...ofSuffix('.yaml'), ...ofSuffix('.yml')].map((name) => join(directory, name))
}

function readText(file: string, problems: Problems): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    const message = `cannot read the file: ${messageOf(cause)}`
    return problems.error(file, 'TOC_ACQUIS_READ', message)
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
