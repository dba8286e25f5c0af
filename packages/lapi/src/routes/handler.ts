import type { OperationName } from '@tocsin/protocol'
import type { Bouncer, Machine } from '@tocsin/store'
import type { Answer } from '../http/answer.ts'
import type { Call } from '../http/call.ts'

/** Who was found to call, by what the operation asks for. */
export type Identity =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'machine'; readonly machine: Machine }
  | { readonly kind: 'bouncer'; readonly bouncer: Bouncer }

/** Answers one operation; throws a `Refusal` otherwise. */
export type Handler = (call: Call, identity: Identity) => Answer | Promise<Answer>

export type Handlers = Readonly<Partial<Record<OperationName, Handler>>>

/** The machine of a call that only machines may make. */
export function machineOf(identity: Identity): Machine {
  if (identity.kind === 'machine') return identity.machine
  throw new Error('the operation is not for machines alone')
}

/** The bouncer of a call that only bouncers may make. */
export function bouncerOf(identity: Identity): Bouncer {
  if (identity.kind === 'bouncer') return identity.bouncer
  throw new Error('the operation is not for bouncers alone')
}
