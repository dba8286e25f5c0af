import { createHash } from 'node:crypto'
import type { Instant } from '@tocsin/model'

/** The public name of a bucket: its scenario and partition, as hex SHA-1. Cold: made when shown. */
export function formatMapkey(filterText: string, groupValue: string, name: string): string {
  return createHash('sha1').update(`${filterText}\0${groupValue}\0${name}`).digest('hex')
}

/**
 * An identifier in the form of a UUID that is a function of the input: the same replay gives the same
 * one. `serial` counts the buckets of a store.
 */
export function formatBucketId(mapkey: string, serial: number, first: Instant | undefined): string {
  const text = `${mapkey}\0${serial}\0${first?.toString() ?? ''}`
  const bytes = createHash('sha1').update(text).digest().subarray(0, 16)
  // Version 8: made by a rule of its own (RFC 9562).
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
