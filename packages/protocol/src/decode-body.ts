import type { Static, TSchema } from 'typebox'
import { readFirstJson } from './first-json.ts'
import { SchemaReader } from './schema-reader.ts'

/** A body as its schema has it, or why it is refused. */
export type Decoded<T> =
  | { readonly kind: 'value'; readonly value: T }
  /** Not JSON, or a value of another type: `json: cannot unmarshal string into …`. */
  | { readonly kind: 'malformed'; readonly message: string }
  /** Well-formed, but something is missing or too long: `validation failure list:\n…`. */
  | { readonly kind: 'invalid'; readonly message: string }

/**
 * Reads a body by its schema, as existing clients expect: keys in any case, unknown keys ignored, null
 * as absent, nothing read after the first value. Messages name the place: `0.source.scope in body is
 * required`.
 */
export function decodeBody<Schema extends TSchema>(
  schema: Schema,
  text: string,
): Decoded<Static<Schema>> {
  const json = readFirstJson(text)
  if (json.kind === 'malformed') return json
  const reader = new SchemaReader()
  const value = reader.read(schema, json.value)
  if (reader.mismatch !== undefined) return { kind: 'malformed', message: reader.mismatch }
  if (reader.faults.length > 0) {
    return { kind: 'invalid', message: ['validation failure list:', ...reader.faults].join('\n') }
  }
  // The reader built exactly what the schema says.
  return { kind: 'value', value: value as Static<Schema> }
}
