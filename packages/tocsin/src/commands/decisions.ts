import { parseAddressOrRange } from '@tocsin/address'
import { alertReply, formatMatch } from '@tocsin/lapi'
import { type AlertReply, type DecisionReply, normalScope } from '@tocsin/protocol'
import type { DecisionFilter, NewAlert } from '@tocsin/store'
import { Command } from 'commander'
import {
  type AdminContext,
  type AdminOptions,
  addAdminOptions,
  withStore,
} from '../admin/admin-command.ts'
import {
  type AlertOptions,
  addAlertOptions,
  alertFilterOf,
  durationMs,
  limitOf,
} from '../admin/alert-options.ts'
import { guardOf } from '../admin/guard-of.ts'
import { counted, printListing } from '../admin/print.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'

interface ListOptions extends AdminOptions, AlertOptions {
  readonly simu: boolean
  readonly machine?: boolean
}

interface AddOptions extends AdminOptions {
  readonly ip?: string
  readonly range?: string
  readonly duration: string
  readonly value?: string
  readonly scope: string
  readonly reason?: string
  readonly type: string
  readonly bypassAllowlist?: boolean
}

interface DeleteOptions extends AdminOptions {
  readonly ip?: string
  readonly range?: string
  readonly type?: string
  readonly value?: string
  readonly scenario?: string
  readonly origin?: string
  readonly id?: string
  readonly all?: boolean
  readonly contained?: boolean
}

/** `tocsin decisions …` */
export function decisionsCommand(streams: Streams): Command {
  const decisions = new Command('decisions').description('what is blocked, and by whose word')
  const list = addAlertOptions(new Command('list').description('what is decided now'), 100)
    .option('--no-simu', 'leave out what is only simulated')
    .option('-m, --machine', 'say which machine reported it')
  decisions.addCommand(
    addAdminOptions(list).action((options: ListOptions) =>
      withStore(options, streams, (context) => listDecisions(options, context)),
    ),
  )
  const add = new Command('add')
    .description('decide about an address, a range, or anything that has a scope')
    .option('-i, --ip <address>')
    .option('-r, --range <range>')
    .option('-d, --duration <duration>', 'how long it holds', '4h')
    .option('-v, --value <value>', 'whom --scope is about')
    .option('--scope <scope>', 'Ip, Range, Country, AS or any other', 'Ip')
    .option('-R, --reason <text>', 'why')
    .option('-t, --type <type>', 'ban, captcha or any other', 'ban')
    .option('-B, --bypass-allowlist', 'even if an allowlist says never')
  decisions.addCommand(
    addAdminOptions(add).action((options: AddOptions) =>
      withStore(options, streams, (context) => addDecision(options, context)),
    ),
  )
  const remove = new Command('delete')
    .description('end decisions; bouncers hear of it at their next call')
    .option('-i, --ip <address>', 'those that cover this address')
    .option('-r, --range <range>', 'those that cover this range')
    .option('-t, --type <type>')
    .option('-v, --value <value>')
    .option('-s, --scenario <scenario>')
    .option('--origin <origin>')
    .option('--id <id>', 'this one')
    .option('--all', 'every one')
    .option('--contained', 'those within the range instead')
  decisions.addCommand(
    addAdminOptions(remove).action((options: DeleteOptions) =>
      withStore(options, streams, (context) => deleteDecisions(options, context)),
    ),
  )
  return decisions
}

async function listDecisions(options: ListOptions, context: AdminContext): Promise<void> {
  const filter = {
    ...alertFilterOf(options, context.nowMs),
    hasActiveDecision: true,
    ...(!options.simu && { isSimulated: false }),
  }
  const rows = await context.store.alerts.query(filter, { limit: limitOf(options) })
  const alerts = rows.map((row) => alertReply(row, context.nowMs))
  const { kept, duplicates } = withoutDuplicates(alerts)
  const pairs = kept.flatMap((alert) =>
    (alert.decisions ?? []).map((decision) => ({ alert, decision })),
  )
  const titles = [
    'id',
    'source',
    'value',
    'reason',
    'action',
    'country',
    'as',
    'events',
    'left',
    'alert',
  ]
  const skipped = duplicates > 0 ? `, ${duplicates} duplicated entries skipped` : ''
  await printListing(
    {
      columns: [...titles, ...(options.machine ? ['machine'] : [])].map((title) => ({ title })),
      rows: pairs.map(({ alert, decision }) => cells(alert, decision, options, true)),
      summary:
        pairs.length === 0
          ? 'No active decisions'
          : `${counted(pairs.length, 'decision')}${skipped}`,
      rawHeader: [
        'id',
        'source',
        'ip',
        'reason',
        'action',
        'country',
        'as',
        'events_count',
        'expiration',
        'simulated',
        'alert_id',
        ...(options.machine ? ['machine'] : []),
      ],
      rawRows: pairs.map(({ alert, decision }) => cells(alert, decision, options, false)),
      json: kept,
    },
    context,
  )
}

function cells(
  alert: AlertReply,
  decision: DecisionReply,
  options: ListOptions,
  isHuman: boolean,
): string[] {
  const simulated = decision.simulated ?? false
  return [
    String(decision.id),
    decision.origin,
    `${decision.scope}:${decision.value}`,
    decision.scenario,
    isHuman && simulated ? `(simul)${decision.type}` : decision.type,
    alert.source.cn ?? '',
    asOf(alert),
    String(alert.events_count),
    decision.duration,
    ...(isHuman ? [] : [String(simulated)]),
    String(alert.id),
    ...(options.machine ? [alert.machine_id] : []),
  ]
}

/** `64500 EXAMPLE`; the number is left out when it is none. */
export function asOf({ source }: AlertReply): string {
  const number = source.as_number === '0' ? '' : (source.as_number ?? '')
  return [number, source.as_name ?? ''].filter((part) => part !== '').join(' ')
}

/** Of decisions with the same type, scope and value the first is shown. */
function withoutDuplicates(alerts: readonly AlertReply[]): {
  readonly kept: AlertReply[]
  readonly duplicates: number
} {
  const seen = new Set<string>()
  let duplicates = 0
  const kept = alerts.map((alert) => {
    const decisions = (alert.decisions ?? []).filter((decision) => {
      const { simulated, type, scope, value } = decision
      const key = JSON.stringify([simulated, type, scope, value])
      if (decision.duration.startsWith('-')) return false
      if (seen.has(key)) {
        duplicates++
        return false
      }
      seen.add(key)
      return true
    })
    return { ...alert, decisions }
  })
  return { kept, duplicates }
}

async function addDecision(options: AddOptions, context: AdminContext): Promise<void> {
  const { store, streams, nowMs } = context
  const { scope, value } = targetOf(options)
  const untilMs = nowMs + durationMs(options.duration)
  if ((scope === 'Ip' || scope === 'Range') && !parseAddressOrRange(value)) {
    throw new CommandError(`invalid ip address or range '${value}'`)
  }
  if (!options.bypassAllowlist && (scope === 'Ip' || scope === 'Range')) {
    const matches = (await guardOf(context)).check(value) ?? []
    if (matches.length > 0) {
      const reason = matches.map(formatMatch).join(', ')
      const hint = 'use --bypass-allowlist to add the decision anyway'
      throw new CommandError(`${value} is allowlisted by item ${reason}, ${hint}`)
    }
  }
  const reason = options.reason ?? `manual '${options.type}' from 'tocsin'`
  const alert: NewAlert = {
    ...manualAlert(scope, value, reason, nowMs),
    decisions: [
      {
        uuid: crypto.randomUUID(),
        origin: 'cscli',
        type: options.type,
        scope,
        value,
        scenario: reason,
        isSimulated: false,
        untilMs,
      },
    ],
  }
  const [id] = await store.alerts.insert([alert])
  if (id === undefined) throw new CommandError(`invalid ip address '${value}'`)
  await writeText(streams.stderr, 'Decision successfully added\n')
}

function targetOf(options: AddOptions): { readonly scope: string; readonly value: string } {
  if (options.ip !== undefined) return { scope: 'Ip', value: options.ip }
  if (options.range !== undefined) return { scope: 'Range', value: options.range }
  if (options.value !== undefined)
    return { scope: normalScope(options.scope), value: options.value }
  throw new CommandError(
    'missing arguments, a value is required (--ip, --range or --scope and --value)',
  )
}

function manualAlert(scope: string, value: string, reason: string, nowMs: number): NewAlert {
  return {
    uuid: crypto.randomUUID(),
    machineId: '',
    scenario: reason,
    scenarioHash: '',
    scenarioVersion: '',
    message: reason,
    eventsCount: 1,
    capacity: 0,
    leakSpeed: '0',
    startMs: nowMs,
    stopMs: nowMs,
    isSimulated: false,
    hasRemediation: true,
    kind: 'cscli',
    source: {
      scope,
      value,
      ip: scope === 'Ip' ? value : '',
      range: scope === 'Range' ? value : '',
      asNumber: '',
      asName: '',
      country: '',
      latitude: 0,
      longitude: 0,
    },
    events: [],
    meta: [],
    decisions: [],
  }
}

async function deleteDecisions(options: DeleteOptions, context: AdminContext): Promise<void> {
  const { store, streams } = context
  let count: number
  if (options.id === undefined) {
    const filter = deletionFilter(options)
    if (Object.keys(filter).length === 0 && !options.all) {
      throw new CommandError('at least one filter or --all must be specified')
    }
    count = (await store.decisions.expire(filter)).count
  } else {
    const id = Number(options.id)
    if (!Number.isSafeInteger(id)) throw new CommandError(`id '${options.id}' is not an integer`)
    const expired = await store.decisions.expireById(id)
    if (!expired) throw new CommandError(`decision with id '${id}' doesn't exist`)
    count = 1
  }
  await writeText(streams.stderr, `${count} decision(s) deleted\n`)
}

function deletionFilter(options: DeleteOptions): DecisionFilter {
  const { type, value, scenario, origin } = options
  const text = options.ip ?? options.range
  const range = text === undefined ? undefined : parseAddressOrRange(text)?.unmapped()
  if (text !== undefined && !range) throw new CommandError(`invalid ip address or range '${text}'`)
  return {
    ...(range && { range, rangeMatch: options.contained ? 'within' : 'covering' }),
    ...(type !== undefined && { types: [type] }),
    ...(value !== undefined && { value }),
    ...(scenario !== undefined && { scenarios: [scenario] }),
    ...(origin !== undefined && { origins: [origin] }),
  }
}
