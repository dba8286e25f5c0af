import type { Span } from './source-text.ts'

export type Severity = 'error' | 'warning'

/** Something wrong in a text that a user wrote. */
export interface Problem {
  readonly severity: Severity
  /** Stable and searchable: `TOC_BUCKET_LEAKSPEED`. Each has its paragraph in the reference. */
  readonly code: string
  /** Lower case, no full stop: the value and what was expected. */
  readonly message: string
  /** Where; absent when the problem is a whole file or a missing one. */
  readonly span?: Span
  /** The name of the file when there is no span. */
  readonly file?: string
  readonly hint?: string
}

/**
 * Collects problems, so that one run reports all of them.
 * `error` and `warn` return undefined: `return problems.error(span, code, message)` ends a reader.
 */
export class Problems {
  readonly list: Problem[] = []

  error(where: Span | string, code: string, message: string, hint?: string): undefined {
    this.#add('error', where, code, message, hint)
  }

  warn(where: Span | string, code: string, message: string, hint?: string): undefined {
    this.#add('warning', where, code, message, hint)
  }

  get errorCount(): number {
    return this.list.filter((problem) => problem.severity === 'error').length
  }

  #add(
    severity: Severity,
    where: Span | string,
    code: string,
    message: string,
    hint: string | undefined,
  ): void {
    this.list.push({
      severity,
      code,
      message,
      ...(typeof where === 'string' ? { file: where } : { span: where }),
      ...(hint === undefined ? {} : { hint }),
    })
  }
}
