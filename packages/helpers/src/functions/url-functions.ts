import type { FunctionDeclaration } from '@tocsin/expr'
import { dictOf, string, strings } from '../types/types.ts'
import { escapePath, escapeQuery, unescapePath, unescapeQuery } from '../url/percent.ts'
import { parseQueryLenient, parseUriQuery } from '../url/query.ts'
import { pure } from './declare.ts'

/** `QueryUnescape`, `ParseUri`… */
export function urlFunctions(): readonly FunctionDeclaration[] {
  const values = dictOf(strings)
  return [
    pure('QueryEscape', [string], string, escapeQuery),
    pure('QueryUnescape', [string], string, (text: string) => unescapeQuery(text) ?? text),
    pure('PathEscape', [string], string, escapePath),
    pure('PathUnescape', [string], string, (text: string) => unescapePath(text) ?? text),
    pure('ParseUri', [string], values, parseUriQuery),
    pure('ParseQuery', [string], values, parseQueryLenient),
    pure('ExtractQueryParam', [string, string], strings, extractParameter),
  ]
}

function extractParameter(uri: string, name: string): readonly string[] {
  const question = uri.indexOf('?')
  return question < 0 ? [] : (parseQueryLenient(uri.slice(question + 1))[name] ?? [])
}
