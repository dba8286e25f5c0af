import { randomBytes } from 'node:crypto'
import { parseAddress } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import { type Bouncer, type BouncerStore, StoreError } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { refusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import { hashApiKey } from './api-keys.ts'
import { type CertificatePolicy, certificateFault } from './certificate-check.ts'

interface BouncerAuthDeps {
  readonly store: BouncerStore
  readonly clock: Clock
  readonly log: Log
  readonly certificates: CertificatePolicy
}

/** Knows bouncers by their key and address, or by their certificate. */
export class BouncerAuth {
  readonly #deps: BouncerAuthDeps

  constructor(deps: BouncerAuthDeps) {
    this.#deps = deps
  }

  /**
   * The bouncer that calls. A key seen from a new address becomes a bouncer of its own, so that each has
   * its own place in the stream. Hot path: answered without waiting once a bouncer is known.
   * @throws {Refusal} 403 whatever is wrong.
   */
  bouncerOf(call: Call): Bouncer | Promise<Bouncer> {
    if (call.tlsPeer) return this.#byCertificate(call, call.tlsPeer.commonName)
    const key = call.headers['x-api-key']
    if (typeof key !== 'string' || key === '') throw forbidden()
    const rows = this.#deps.store.findByKey(hashApiKey(key))
    const own = rows.find((row) => row.ipAddress === call.ip)
    if (own && (own.authType !== 'api-key' || own.isRevoked)) throw forbidden()
    if (own) return this.#isKnown(own, call) ? own : this.#updated(own, call)
    const usable = rows.filter((row) => row.authType === 'api-key' && !row.isRevoked)
    const [first] = usable
    if (!first) throw forbidden()
    // A probe asks whether the key is good, nothing else: others send it on behalf of a bouncer.
    if (call.isHead) return first
    if (usable.length === 1 && first.ipAddress === '') return this.#updated(first, call)
    return this.#createFor(first, call)
  }

  #isKnown(bouncer: Bouncer, call: Call): boolean {
    if (call.isHead) return true
    const { type, version } = readUserAgent(call.userAgent)
    return bouncer.type === type && bouncer.version === version
  }

  /** Decisions are answered from memory: a database that is away must not leave a bouncer without them. */
  async #updated(bouncer: Bouncer, call: Call): Promise<Bouncer> {
    const { store, log } = this.#deps
    const contact = { ipAddress: call.ip, ...readUserAgent(call.userAgent) }
    try {
      await store.updateContact(bouncer.name, contact)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.warn({ bouncer: bouncer.name, reason }, 'cannot note where a bouncer calls from')
    }
    return store.find(bouncer.name) ?? bouncer
  }

  async #createFor(parent: Bouncer, call: Call): Promise<Bouncer> {
    return this.#create({
      name: `${baseName(parent.name)}@${call.ip}`,
      keyHash: parent.keyHash,
      ipAddress: call.ip,
      authType: 'api-key',
      isAutoCreated: true,
      ...readUserAgent(call.userAgent),
    })
  }

  async #byCertificate(call: Call, commonName: string): Promise<Bouncer> {
    const { store, certificates, clock, log } = this.#deps
    const fault = call.tlsPeer && certificateFault(call.tlsPeer, certificates, clock)
    if (fault !== undefined) {
      log.warn({ client: call.ip, reason: fault }, 'bouncer certificate refused')
      throw forbidden()
    }
    const name = `${commonName}@${call.ip}`
    const known = store.find(name)
    if (!known) {
      return this.#create({
        name,
        // Nobody knows a key for this hash.
        keyHash: hashApiKey(randomBytes(32).toString('base64')),
        ipAddress: call.ip,
        authType: 'tls',
        isAutoCreated: true,
        ...readUserAgent(call.userAgent),
      })
    }
    if (known.authType !== 'tls' || known.isRevoked) throw forbidden()
    return this.#isKnown(known, call) ? known : this.#updated(known, call)
  }

  async #create(bouncer: Parameters<BouncerStore['add']>[0]): Promise<Bouncer> {
    const { store, log } = this.#deps
    try {
      const created = await store.add(bouncer)
      log.info({ bouncer: bouncer.name }, 'bouncer created')
      return created
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'TOC_STORE_EXISTS') throw error
      // Two first requests at once: the other one made it. A name of another key stays refused.
      const known = store.find(bouncer.name)
      if (known?.keyHash !== bouncer.keyHash && bouncer.authType !== 'tls') throw forbidden()
      if (!known || known.authType !== bouncer.authType) throw forbidden()
      return known
    }
  }
}

function forbidden(): Error {
  return refusal(403, 'access forbidden')
}

/** `crowdsec-nginx-bouncer/v1.2.3` → type and version. */
export function readUserAgent(text: string): { readonly type: string; readonly version: string } {
  const parts = text.split('/')
  const [type = '', version = ''] = parts
  return parts.length === 2 ? { type, version } : { type: text, version: 'N/A' }
}

/** The name without the `@192.0.2.7` that was added for each address. */
function baseName(name: string): string {
  let base = name
  for (;;) {
    const at = base.lastIndexOf('@')
    if (at <= 0 || !parseAddress(base.slice(at + 1))) return base
    base = base.slice(0, at)
  }
}
