import type { FunctionDeclaration } from '@tocsin/expr'
import type { Log } from '@tocsin/telemetry'
import { string } from '../types/types.ts'
import { XmlDocuments } from '../xml/documents.ts'
import type { XmlElement } from '../xml/read.ts'
import { attributeOf } from '../xml/select.ts'
import { pure } from './declare.ts'

/** `XMLGetNodeValue`, `XMLGetAttributeValue`. */
export function xmlFunctions(log: Log): readonly FunctionDeclaration[] {
  const documents = new XmlDocuments()
  const find = (text: string, path: string): XmlElement | undefined => {
    const steps = documents.path(path)
    if (steps) return documents.find(text, steps)
    log.error({ path }, 'an expression asked for an invalid XML path')
    return undefined
  }
  return [
    pure(
      'XMLGetNodeValue',
      [string, string],
      string,
      (text: string, path: string) => find(text, path)?.text ?? '',
    ),
    pure(
      'XMLGetAttributeValue',
      [string, string, string],
      string,
      (text: string, path: string, name: string) => {
        const element = find(text, path)
        return (element && attributeOf(element, name)) ?? ''
      },
    ),
  ]
}
