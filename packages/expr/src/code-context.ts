import type { CodeWriter } from './code-writer.ts'
import type { Ir } from './ir.ts'

/** What the parts of the generator share. */
export interface CodeContext {
  readonly writer: CodeWriter
  /** The JavaScript of a node; statements it needs go to the writer. */
  expression(node: Ir): string
  /** The JavaScript of several nodes, evaluated in order. */
  expressions(nodes: readonly Ir[]): string[]
}
