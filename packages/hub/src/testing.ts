import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatProblem, type Problems } from '@tocsin/diagnostic'
import type { RuleItem } from './item.ts'

/** A temporary directory with these files, gone at the end of its scope. */
export class TemporaryTree {
  readonly directory: string

  constructor(files: Readonly<Record<string, string>>) {
    this.directory = mkdtempSync(join(tmpdir(), 'tocsin-hub-'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(path)), { recursive: true })
      writeFileSync(this.path(path), text)
    }
  }

  path(below: string): string {
    return join(this.directory, below)
  }

  /** Problems as users see them, without the name of the directory. */
  shown(problems: Problems): string {
    return problems.list.map(formatProblem).join('\n').replaceAll(`${this.directory}/`, '')
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true })
  }
}

/** Items in short: `parser s01-parse me/web@1.0`. */
export function shortOf(items: readonly RuleItem[]): string[] {
  return items.map(({ kind, stage, name, version }) => {
    return `${kind} ${stage}${stage === '' ? '' : ' '}${name}@${version}`
  })
}

/** The beginning of a scenario called `name`. */
export function scenarioText(name: string): string {
  return `type: trigger\nname: ${name}\nfilter: "true"\n`
}

/** A parser called `name`. */
export function parserText(name: string): string {
  return `name: ${name}\nstatics:\n  - meta: a\n    value: b\n`
}
