import { alertReply } from '@tocsin/lapi'
import type { AlertReply } from '@tocsin/protocol'
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
  limitOf,
} from '../admin/alert-options.ts'
import { counted, printListing } from '../admin/print.ts'
import type { Streams } from '../terminal/streams.ts'
import { asOf } from './decisions.ts'

interface ListOptions extends AdminOptions, AlertOptions {
  readonly kind?: string
  readonly machine?: boolean
}

/** `tocsin alerts …` */
export function alertsCommand(streams: Streams): Command {
  const alerts = new Command('alerts').description('what was reported')
  const list = addAlertOptions(new Command('list').description('alerts, newest first'), 50)
    .option('--kind <kind>', 'of this kind: crowdsec, waf, capi, papi, cscli')
    .option('-m, --machine', 'say which machine reported it')
  alerts.addCommand(
    addAdminOptions(list).action((options: ListOptions) =>
      withStore(options, streams, (context) => listAlerts(options, context)),
    ),
  )
  return alerts
}

async function listAlerts(options: ListOptions, context: AdminContext): Promise<void> {
  const filter = {
    ...alertFilterOf(options, context.nowMs),
    ...(options.kind !== undefined && { kind: options.kind }),
  }
  const rows = await context.store.alerts.query(filter, { limit: limitOf(options) })
  const alerts = rows.map((row) => alertReply(row, context.nowMs))
  const machine = options.machine ? ['machine'] : []
  const titles = ['id', 'value', 'reason', 'country', 'as', 'decisions', 'created at', 'kind']
  await printListing(
    {
      columns: [...titles, ...machine].map((title) => ({ title })),
      rows: alerts.map((alert) => [
        String(alert.id),
        sourceOf(alert),
        alert.scenario,
        alert.source.cn ?? '',
        asOf(alert),
        decisionsOf(alert),
        alert.start_at,
        alert.kind ?? '',
        ...(options.machine ? [alert.machine_id] : []),
      ]),
      summary: alerts.length === 0 ? 'No active alerts' : counted(alerts.length, 'alert'),
      rawHeader: [
        'id',
        'scope',
        'value',
        'reason',
        'country',
        'as',
        'decisions',
        'created_at',
        'kind',
        ...machine,
      ],
      rawRows: alerts.map((alert) => [
        String(alert.id),
        alert.source.scope,
        alert.source.value,
        alert.scenario,
        alert.source.cn ?? '',
        asOf(alert),
        decisionsOf(alert),
        alert.created_at,
        alert.kind ?? '',
        ...(options.machine ? [alert.machine_id] : []),
      ]),
      json: alerts,
    },
    context,
  )
}

/** `Ip:192.0.2.7`, or for an import `lists:x (120 Ips)`. */
function sourceOf({ source, decisions }: AlertReply): string {
  const count = decisions?.length ?? 0
  if (count > 1) return `${source.scope} (${count} ${decisions?.[0]?.scope ?? ''}s)`
  return source.value === '' ? source.scope : `${source.scope}:${source.value}`
}

/** `ban:2 (simul)captcha:1`. */
function decisionsOf({ decisions }: AlertReply): string {
  const counts = new Map<string, number>()
  for (const { type, simulated } of decisions ?? []) {
    const key = simulated ? `(simul)${type}` : type
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => `${type}:${count}`)
    .join(' ')
}
