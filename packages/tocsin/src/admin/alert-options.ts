import { parseAddressOrRange } from '@tocsin/address'
import { normalScope, readWireDuration } from '@tocsin/protocol'
import type { AlertFilter } from '@tocsin/store'
import type { Command } from 'commander'
import { CommandError } from '../terminal/streams.ts'

/** What lists of alerts and decisions can be asked for. */
export interface AlertOptions {
  readonly all?: boolean
  readonly since?: string
  readonly until?: string
  readonly type?: string
  readonly scope?: string
  readonly origin?: string
  readonly value?: string
  readonly scenario?: string
  readonly ip?: string
  readonly range?: string
  readonly contained?: boolean
  readonly limit: string
}

/** Adds them. */
export function addAlertOptions(command: Command, limit: number): Command {
  return command
    .option('-a, --all', 'those of the community and of block lists, too; no limit')
    .option('--since <duration>', 'not older than this: 4h, 30d')
    .option('--until <duration>', 'not younger than this')
    .option('-t, --type <type>', 'with a decision of this type: ban, captcha')
    .option('--scope <scope>', 'about this scope: Ip, Range, Country, AS')
    .option('--origin <origin>', 'with a decision of this origin: crowdsec, cscli, CAPI, lists')
    .option('-v, --value <value>', 'about exactly this')
    .option('-s, --scenario <scenario>', 'of this scenario')
    .option('-i, --ip <address>', 'with a decision that covers this address')
    .option('-r, --range <range>', 'with a decision that covers this range')
    .option('--contained', 'with a decision within the range instead')
    .option('-l, --limit <count>', '0 for no limit', String(limit))
}

/** @throws {CommandError} When an option makes no sense. */
export function alertFilterOf(options: AlertOptions, nowMs: number): AlertFilter {
  const { type, scope, origin, value, scenario, since, until } = options
  const text = options.ip ?? options.range
  const range = text === undefined ? undefined : parseAddressOrRange(text)?.unmapped()
  if (text !== undefined && !range) throw new CommandError(`invalid ip address or range '${text}'`)
  return {
    ...(type !== undefined && { decisionType: type }),
    ...(scope !== undefined && { scope: normalScope(scope) }),
    ...(origin !== undefined && { origin }),
    ...(value !== undefined && { value }),
    ...(scenario !== undefined && { scenario }),
    ...(range && { range, rangeMatch: options.contained ? 'within' : 'covering' }),
    ...(since !== undefined && { startedFromMs: nowMs - durationMs(since) }),
    ...(until !== undefined && { startedUntilMs: nowMs - durationMs(until) }),
    ...(!options.all && origin === undefined && { includeCapi: false }),
  }
}

/** @throws {CommandError} When it is no number. */
export function limitOf(options: AlertOptions): number {
  const limit = Number(options.limit)
  if (Number.isSafeInteger(limit) && limit >= 0) return options.all ? 0 : limit
  throw new CommandError(`--limit must be a whole number, not "${options.limit}"`)
}

/** @throws {CommandError} When it is no duration. */
export function durationMs(text: string): number {
  const duration = readWireDuration(text)
  if ('nanos' in duration) return duration.nanos / 1e6
  throw new CommandError(duration.message)
}
