import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Problems, SourceText } from '@tocsin/diagnostic'
import { compareBytes } from './order-items.ts'

/** A file as it was read: its text and the SHA-256 of its bytes. */
export interface RuleFile {
  readonly source: SourceText
  readonly hash: string
}

/** Reads a file; reports and returns undefined when that fails. */
export function readRuleFile(path: string, problems: Problems): RuleFile | undefined {
  try {
    const bytes = readFileSync(path)
    const hash = createHash('sha256').update(bytes).digest('hex')
    return { source: new SourceText(path, bytes.toString('utf8')), hash }
  } catch (error) {
    return problems.error(path, 'TOC_HUB_READ', `cannot be read: ${worldReason(error)}`)
  }
}

/** What went wrong with a file, in words: `no such file or directory`. */
export function worldReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // `ENOENT: no such file or directory, open '/path'`: the path is already in the message.
  return error.message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '.*')?$/, '')
}

/** Whether a name is that of a YAML file. */
export function isYamlName(name: string): boolean {
  return name.endsWith('.yaml') || name.endsWith('.yml')
}

/** Whether a path leads to a directory; false when there is nothing. */
export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Whether a path leads to a file; false when there is nothing. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/**
 * The files below a directory, relative to it, parents before children and each level byte by byte.
 * Directories whose name begins with a dot are skipped, links to directories are not followed, a
 * missing directory is empty.
 */
export function listFiles(directory: string): string[] {
  const files: string[] = []
  const visit = (below: string): void => {
    const entries = readdirSync(join(directory, below), { withFileTypes: true })
    entries.sort((a, b) => compareBytes(a.name, b.name))
    for (const entry of entries) {
      if (!entry.isDirectory()) files.push(join(below, entry.name))
    }
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.')) visit(join(below, entry.name))
    }
  }
  if (isDirectory(directory)) visit('')
  return files
}
