import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { decodeJson } from '../json/decode.ts'
import { encodeGoJson } from '../json/go-json.ts'
import { decodeJsonString, findJson, type JsonSpan, splitJsonPath } from '../json/scan.ts'
import { dictOf, listOf, nil, string, unknown } from '../types/types.ts'
import { pure, writing } from './declare.ts'
import { setMember } from './map-member.ts'

const maxPaths = 10_000

/** `JsonExtract`, `UnmarshalJSON`, `ToJsonString`… */
export function jsonFunctions(): readonly FunctionDeclaration[] {
  const paths = new Map<string, readonly string[]>()
  const find = (text: string, path: string): JsonSpan | undefined => {
    let segments = paths.get(path)
    if (!segments) {
      // Paths come from rules; only a rule that builds them from events could fill this.
      if (paths.size >= maxPaths) paths.clear()
      segments = splitJsonPath(path)
      paths.set(path, segments)
    }
    return findJson(text, segments)
  }
  const decodeAt = (text: string, path: string, open: string): unknown => {
    const span = find(text, path)
    return span && text[span.start] === open
      ? decodeJson(text.slice(span.start, span.end))
      : undefined
  }
  return [
    pure('JsonExtract', [string, string], string, (text: string, path: string) =>
      rawText(text, find(text, path)),
    ),
    pure(
      'JsonExtractLib',
      [string],
      string,
      (text: string, ...keys: string[]) => rawText(text, findJson(text, keys)),
      { rest: string },
    ),
    pure('JsonExtractUnescape', [string, string], string, extractUnescaped, { rest: string }),
    pure('JsonExtractSlice', [string, string], listOf(unknown), (text: string, path: string) =>
      decodeAt(text, path, '['),
    ),
    pure('JsonExtractObject', [string, string], dictOf(unknown), (text: string, path: string) =>
      decodeAt(text, path, '{'),
    ),
    pure('ToJsonString', [unknown], string, (value: unknown) => encodeGoJson(value) ?? ''),
    writing('UnmarshalJSON', [string, dictOf(unknown), string], nil, unmarshalJson),
  ]
}

function rawText(text: string, span: JsonSpan | undefined): string {
  if (!span) return ''
  return text[span.start] === '"'
    ? text.slice(span.start + 1, span.end - 1)
    : text.slice(span.start, span.end)
}

function extractUnescaped(text: string, key: string): string {
  const span = findJson(text, [key])
  if (!span || text[span.start] !== '"') return ''
  return decodeJsonString(text.slice(span.start + 1, span.end - 1)) ?? ''
}

function unmarshalJson(text: string, map: unknown, key: string): undefined {
  const value = decodeJson(text)
  if (value === undefined) throw new EvaluationError('UnmarshalJSON takes JSON text')
  setMember(map, key, value ?? undefined, 'UnmarshalJSON')
  return undefined
}
