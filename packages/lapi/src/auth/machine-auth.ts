import type { Clock } from '@tocsin/model'
import type { Machine, MachineStore } from '@tocsin/store'
import { tokenRefusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import { checkToken, type TokenVerdict } from './jwt.ts'

/** Knows machines by their tokens. */
export class MachineAuth {
  readonly #store: MachineStore
  readonly #secret: string
  readonly #clock: Clock

  constructor(store: MachineStore, secret: string, clock: Clock) {
    this.#store = store
    this.#secret = secret
    this.#clock = clock
  }

  /**
   * The machine that calls. A token is not enough: the machine must still be there and be validated.
   * @throws {Refusal}
   */
  machineOf(call: Call): Machine {
    const verdict = this.verdictOf(call)
    if (verdict.kind === 'refused') throw tokenRefusal(verdict.status, verdict.message)
    if (verdict.kind === 'expired') throw tokenRefusal(401, 'Token is expired')
    return this.known(verdict.claims.machineId)
  }

  /** What the token of a call is worth. @throws {Refusal} When there is none. */
  verdictOf(call: Call): TokenVerdict {
    const token = bearerOf(call) ?? cookieOf(call)
    if (token === undefined) throw tokenRefusal(401, 'cookie token is empty')
    return checkToken(token, this.#secret, this.#clock.nowMs())
  }

  /** A machine that may act. @throws {Refusal} */
  known(machineId: string): Machine {
    const machine = this.#store.find(machineId)
    if (!machine?.isValidated) {
      throw tokenRefusal(401, machine ? 'machine not validated' : 'machine not found')
    }
    return machine
  }
}

function bearerOf(call: Call): string | undefined {
  const header = call.headers.authorization
  const match = /^Bearer (\S+)$/.exec(typeof header === 'string' ? header : '')
  return match?.[1]
}

function cookieOf(call: Call): string | undefined {
  const header = call.headers.cookie
  const text = Array.isArray(header) ? header.join('; ') : (header ?? '')
  const match = /(?:^|;\s*)jwt=([^;\s]+)/.exec(text)
  return match?.[1]
}
