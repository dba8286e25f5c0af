import type { Problems, SourceText, Span } from '@tocsin/diagnostic'
import { composeDocuments } from './compose-documents.ts'
import type { YamlNode } from './node.ts'
import { readPlainDocuments } from './plain-reader.ts'

/** One of the documents of a file, `---` between them. */
export interface YamlDocument {
  /** Undefined when the document is empty or holds only comments. */
  readonly root: YamlNode | undefined
  /** That of the root; where the document begins when it has none. */
  readonly span: Span
}

const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/**
 * Reads all documents of a text, with anchors, aliases and merge keys resolved.
 * @returns None when the text is not well-formed: half a document is worse than none.
 */
export function readYaml(source: SourceText, problems: Problems): YamlDocument[] {
  const control = forbidden.exec(source.text)
  if (control) {
    const code = (control[0].codePointAt(0) ?? 0).toString(16).padStart(2, '0')
    const message = `control character 0x${code} is not allowed in YAML`
    const span = source.span(control.index, control.index + 1)
    problems.error(span, 'TOC_YAML_CONTROL', message, 'is this a text file?')
    return []
  }
  return readPlainDocuments(source) ?? composeDocuments(source, problems)
}
