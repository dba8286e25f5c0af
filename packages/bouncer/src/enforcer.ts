import type { Address, AddressRange, Family } from '@tocsin/address'
import type { BanTable } from './ban-table.ts'

/** What an enforcer has been found to hold. */
export interface Held {
  /** Whether all that makes bans take effect is there: tables, chains, hooks. */
  readonly isWhole: boolean
  readonly bans: BanTable
  readonly allow: readonly AddressRange[]
  /** Whether everyone is refused who is not allowed. */
  readonly isClosed: boolean
}

/** One part of what an enforcer holds. */
export interface HeldPart {
  readonly bans: BanTable
  /** Whether nothing else is in it, which no change could mend. */
  readonly isClean: boolean
  /** What is never banned, where this part holds that. */
  readonly allow?: readonly AddressRange[]
}

/** What is to change, so that what stands is what should. */
export interface Change {
  /** Makes table, chains and sets anew, first; nothing of before is kept. */
  readonly rebuild: boolean
  /** Not held so far. */
  readonly add: BanTable
  /** Held, with another end or origin. */
  readonly update: BanTable
  /** The same ranges as `update`, as they are held. */
  readonly replaced: BanTable
  readonly remove: BanTable
  /** The whole of what is never banned, when that changes. */
  readonly allow?: readonly AddressRange[]
  /** Takes the place of all bans: everyone else is refused, or everyone may come. */
  readonly closed?: boolean
}

/** Packets and bytes since the counter was made. */
export interface Drops {
  /** `crowdsec`, `lists:firehol`; undefined for what was looked at, dropped or not. */
  readonly origin: string | undefined
  readonly packets: number
  readonly bytes: number
}

/** Something that keeps addresses out: a kernel's sets, a cloud's lists. */
export interface Enforcer extends AsyncDisposable {
  /** `nftables`, for people and for logs. */
  readonly name: string
  /** Whether ranges that overlap must be cut into ranges that do not, except those that stand alone. */
  readonly needsDisjoint: boolean
  /** Whether a ban ends when its time is over though nobody takes it away. */
  readonly endsByItself: boolean
  /** Whether ranges of this length are held apart from the others, so that they may overlap. */
  standsAlone(family: Family, prefixLength: number): boolean
  /** Whether what makes bans take effect seems to be there still: cheap, asked at every sync. */
  isWhole(): Promise<boolean>
  /** Reads all that is held. */
  read(): Promise<Held>
  /** In how many parts it can be read: each quickly enough that changes need not wait for it. */
  readonly parts: number
  /** The part that a range is in: 0 … `parts` - 1. */
  partOf(range: AddressRange): number
  /** Reads one part of what is held. */
  readPart(part: number): Promise<HeldPart>
  /**
   * Makes a change, all of it or nothing where that is possible.
   * @throws {EnforcerError}
   */
  apply(change: Change, nowS: number): Promise<void>
  /** Whether packets of each address are kept out now, asked of what enforces, not of memory. */
  blocks(addresses: readonly Address[]): Promise<boolean[]>
  readDrops(): Promise<readonly Drops[]>
  /** Takes everything away that was made. Stopping does not: what is banned stays banned. */
  removeAll(): Promise<void>
}

export type EnforcerErrorCode =
  /** There is no room for more. */
  | 'TOC_BOUNCER_FULL'
  /** What was to change is not as it was thought to be: read, then try again. */
  | 'TOC_BOUNCER_CONFLICT'
  /** The program or interface that enforces is not there, or may not be used. */
  | 'TOC_BOUNCER_UNAVAILABLE'

/** Something that enforces did not do what it was told. */
export class EnforcerError extends Error {
  override readonly name = 'EnforcerError'
  readonly code: EnforcerErrorCode

  constructor(code: EnforcerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
