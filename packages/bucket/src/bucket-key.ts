import { hash } from 'node:crypto'
import type { Instant } from '@tocsin/model'

/** The public name of a bucket: its scenario and partition, as hex SHA-1. Cold: made when shown. */
export function formatMapkey(filterText: string, groupValue: string, name: string): string {
  return hash('sha1', `${filterText}\0${groupValue}\0${name}`)
}

/**
 * An identifier in the form of a UUID that is a function of the input: the same replay gives the same
 * one. `serial` counts the buckets of a store.
 */
export function formatBucketId(mapkey: string, serial: number, first: Instant | undefined): string {
  const digest = hash('sha1', `${mapkey}\0${serial}\0${first?.toString() ?? ''}`)
  // Version 8: made by a rule of its own (RFC 9562).
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16)
  const hex = `${digest.slice(0, 12)}8${digest.slice(13, 16)}${variant}${digest.slice(17, 32)}`
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
