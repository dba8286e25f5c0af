import { type Decoded, decodeBody, type Static, type TSchema } from '@tocsin/protocol'
import { refusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'

/**
 * The body of a call by its schema.
 * @param invalidStatus The status of a body that is JSON but breaks the schema.
 * @throws {Refusal} 400 when it is too large, not JSON, or of other types.
 */
export function readCallBody<Schema extends TSchema>(
  schema: Schema,
  call: Call,
  invalidStatus: number,
): Static<Schema> {
  const decoded = decodeCallBody(schema, call)
  if (decoded.kind === 'value') return decoded.value
  throw refusal(decoded.kind === 'malformed' ? 400 : invalidStatus, decoded.message)
}

/** As `readCallBody`, faults as data. */
export function decodeCallBody<Schema extends TSchema>(
  schema: Schema,
  call: Call,
): Decoded<Static<Schema>> {
  if (call.body.kind === 'fault') return { kind: 'malformed', message: call.body.message }
  return decodeBody(schema, call.body.text)
}
