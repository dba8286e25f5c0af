import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Clock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { type RevocationList, readRevocationLists } from './revocation-list.ts'
import type { TlsPeer } from './tls-peer.ts'

const checkIntervalMs = 5_000

/** The revocation lists of a file, read again when it changes; a broken file keeps the lists before. */
export class Revocations {
  readonly #path: string
  readonly #clock: Clock
  readonly #log: Log
  #lists: readonly RevocationList[]
  #stamp: string
  #checkedMs: number

  /** @throws {Error} When the file cannot be read or holds no list. */
  constructor(path: string, clock: Clock, log: Log) {
    this.#path = path
    this.#clock = clock
    this.#log = log
    this.#stamp = stampOf(path)
    this.#lists = readRevocationLists(readFileSync(path, 'utf8'))
    this.#checkedMs = clock.nowMs()
  }

  /** Why a certificate of the chain is no longer good; undefined when none is revoked. */
  reasonAgainst(peer: TlsPeer): string | undefined {
    this.#refresh()
    for (const { serial, issuer } of peer.chain) {
      for (const list of this.#lists) {
        if (!list.serials.has(serial.toUpperCase())) continue
        const authority = new X509Certificate(issuer)
        if (list.isSignedBy(authority.publicKey)) return 'certificate revoked by CRL'
      }
    }
    return undefined
  }

  #refresh(): void {
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#checkedMs < checkIntervalMs) return
    this.#checkedMs = nowMs
    try {
      const stamp = stampOf(this.#path)
      if (stamp === this.#stamp) return
      this.#lists = readRevocationLists(readFileSync(this.#path, 'utf8'))
      this.#stamp = stamp
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#log.error(
        { path: this.#path, reason },
        'revocation list cannot be read, keeping the last',
      )
    }
  }
}

function stampOf(path: string): string {
  const { mtimeMs, size } = statSync(path)
  return `${mtimeMs} ${size}`
}
