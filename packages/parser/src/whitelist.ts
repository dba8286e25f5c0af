import { type AddressSet, parseAddress } from '@tocsin/address'
import type { Expression } from '@tocsin/expr'
import { type Event, eventKind } from '@tocsin/model'
import type { RuleFailure } from './context.ts'
import { messageOf } from './statics.ts'

/** `whitelist:` of a node: who or what is never an attack, and why. */
export interface Whitelist {
  readonly reason: string
  /** Addresses and ranges together; undefined when none is listed. */
  readonly addresses: AddressSet | undefined
  readonly expressions: readonly Expression[]
}

/** Marks the event when the whitelist has it; true when it has. The first reason is kept. */
export function applyWhitelist(
  whitelist: Whitelist,
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): boolean {
  const isListed =
    listsAddress(whitelist, event) || matchesExpression(whitelist, event, rule, onFailure)
  if (isListed && !event.isWhitelisted) {
    event.isWhitelisted = true
    event.whitelistReason = whitelist.reason
    if (event.overflow) event.overflow.isWhitelisted = true
  }
  return isListed
}

function listsAddress({ addresses }: Whitelist, event: Event): boolean {
  if (!addresses) return false
  if (event.kind === eventKind.log) return hasText(addresses, event.meta.source_ip)
  for (const value of event.overflow?.sources.keys() ?? []) {
    if (hasText(addresses, value)) return true
  }
  return false
}

function hasText(addresses: AddressSet, text: string | undefined): boolean {
  const address = text ? parseAddress(text) : undefined
  return address !== undefined && addresses.has(address)
}

function matchesExpression(
  { expressions }: Whitelist,
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): boolean {
  for (let i = 0; i < expressions.length; i++) {
    const expression = expressions[i] as Expression
    let value: unknown
    try {
      value = expression.evaluate(event)
    } catch (error) {
      // What cannot be decided must not free an attacker, nor may a later expression decide for it.
      onFailure(rule, expression.source, messageOf(error))
      return false
    }
    if (value === true) return true
    if (value !== false) onFailure(rule, expression.source, 'a whitelist expression must be a bool')
  }
  return false
}
