import type { StreamPosition } from './decision-store.ts'
import type { SystemInfo } from './machine-store.ts'

export type BouncerAuthType = 'api-key' | 'tls'

/** Who enforces. */
export interface Bouncer extends SystemInfo {
  /** Ascending in order of creation. */
  readonly id: number
  readonly name: string
  /** SHA-512 of the key, lower-case hexadecimal. */
  readonly keyHash: string
  readonly ipAddress: string
  readonly authType: BouncerAuthType
  readonly isAutoCreated: boolean
  readonly isRevoked: boolean
  readonly type: string
  readonly createdMs: number
  readonly updatedMs: number
  /** Undefined for never. */
  readonly lastPullMs: number | undefined
  /** Up to where it knows the stream; undefined when it never pulled it. */
  readonly position: StreamPosition | undefined
}

export interface NewBouncer {
  readonly name: string
  readonly keyHash: string
  readonly ipAddress: string
  readonly authType: BouncerAuthType
  readonly isAutoCreated: boolean
  readonly type?: string
  readonly version?: string
}

export interface BouncerStore {
  /** Every row with that hash, in ascending id. */
  findByKey(keyHash: string): readonly Bouncer[]
  find(name: string): Bouncer | undefined
  list(): Bouncer[]
  /** @throws {StoreError} `TOC_STORE_EXISTS` when the name is taken. */
  add(bouncer: NewBouncer): Promise<Bouncer>
  delete(name: string): Promise<boolean>
  setRevoked(name: string, isRevoked: boolean): Promise<boolean>
  /** Does nothing when nothing changes. */
  updateContact(
    name: string,
    contact: { readonly ipAddress?: string; readonly type?: string; readonly version?: string },
  ): Promise<void>
  updateUsage(name: string, usage: SystemInfo): Promise<void>
  /** A live query: noted at once, written within a second. */
  touchPull(name: string): void
  /** A stream pull that was read to its end: noted at once, written within a second. */
  setPosition(name: string, position: StreamPosition): void
}
