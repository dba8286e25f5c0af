import { escapeControls, suggest } from '@tocsin/diagnostic'
import { systemClock } from '@tocsin/model'
import {
  type Notification,
  type NotifiedAlert,
  sampleAlert,
  testNotification,
} from '@tocsin/notify'
import { applyProfiles, type Profile } from '@tocsin/profile'
import { Command } from 'commander'
import {
  type AdminContext,
  type AdminOptions,
  addAdminOptions,
  type OutputFormat,
  withStore,
} from '../admin/admin-command.ts'
import { counted, csv } from '../admin/print.ts'
import { loadProfiles } from '../lapi/load-profiles.ts'
import { openConfig } from '../lapi/state-options.ts'
import { streamLog } from '../lapi/stream-log.ts'
import { alertOfRow } from '../notifications/alert-of-row.ts'
import { checkNames, loadNotifications } from '../notifications/load-notifications.ts'
import { overrideAlert } from '../notifications/override-alert.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { formatTable } from '../terminal/table.ts'

interface AlertOptions extends AdminOptions {
  readonly alert?: string
  readonly dryRun?: boolean
}

/** What the commands work with. */
interface Loaded {
  readonly notifications: readonly Notification[]
  readonly profiles: readonly Profile[]
  readonly output: OutputFormat
  readonly streams: Streams
}

const alertHelp =
  'fields of the alert to replace, as JSON or YAML: {"source": {"value": "192.0.2.7"}}'

/** `tocsin notifications list|inspect|test|reinject` */
export function notificationsCommand(streams: Streams): Command {
  const notifications = new Command('notifications').description('who is told of alerts, and how')
  const list = new Command('list').description('every notification, and the profiles that use it')
  notifications.addCommand(
    addAdminOptions(list).action((options: AdminOptions) => listAll(load(options, streams))),
  )
  const inspect = new Command('inspect')
    .description('what the file of a notification says, secrets masked')
    .argument('<name>')
  notifications.addCommand(
    addAdminOptions(inspect).action((name: string, options: AdminOptions) =>
      inspectOne(name, load(options, streams)),
    ),
  )
  const test = new Command('test')
    .description('send a made-up alert now, whatever the profiles say, and tell what came of it')
    .argument('<name>')
    .option('-a, --alert <text>', alertHelp)
    .option('--dry-run', 'print what would be sent instead')
  notifications.addCommand(
    addAdminOptions(test).action((name: string, options: AlertOptions) =>
      testOne(name, options, load(options, streams)),
    ),
  )
  const reinject = new Command('reinject')
    .description('send a stored alert to the notifications of the profiles that match it')
    .argument('<alert-id>')
    .option('-a, --alert <text>', alertHelp)
  notifications.addCommand(
    addAdminOptions(reinject).action((id: string, options: AlertOptions) =>
      withStore(options, streams, (context) =>
        reinjectAlert(id, options, load(options, streams), context),
      ),
    ),
  )
  return notifications
}

function load(options: AdminOptions, streams: Streams): Loaded {
  const config = openConfig(options, streams)
  const log = streamLog(streams.stderr, systemClock, { level: 'warn', format: 'text' })
  const profiles = loadProfiles(config, { clock: systemClock, log }, streams)
  const notifications = loadNotifications(config, log, streams)
  checkNames(profiles, notifications, config.paths.notificationDir)
  return { notifications, profiles, output: options.output ?? config.cli.output, streams }
}

async function listAll({ notifications, profiles, output, streams }: Loaded): Promise<void> {
  const rows = notifications
    .map((notification) => ({
      ...notification,
      users: profiles.filter((one) => one.notifications.includes(notification.name)),
    }))
    .sort((a, b) => b.users.length - a.users.length || a.name.localeCompare(b.name))
  const { stdout } = streams
  const usersOf = (users: readonly Profile[]) => users.map(({ name }) => name).join(', ')
  if (output === 'json') {
    const json = Object.fromEntries(
      rows.map(({ name, shown, users }) => [
        name,
        { plugin_config: shown, associated_profiles: users.map((profile) => profile.name) },
      ]),
    )
    return writeText(stdout, `${JSON.stringify(json, undefined, 2)}\n`)
  }
  if (output === 'raw') {
    const cells = rows.map(({ name, target, users }) => [name, target.type, usersOf(users)])
    return writeText(stdout, csv([['Name', 'Type', 'Profile name'], ...cells]))
  }
  if (rows.length === 0) {
    return writeText(stdout, 'No notifications: nobody is told of alerts\n')
  }
  const table = formatTable(
    ['active', 'name', 'type', 'alarms', 'profiles'].map((title) => ({ title })),
    rows.map(({ name, target, users, takesAlarms }) =>
      [
        users.length > 0 ? 'yes' : 'no',
        name,
        target.type,
        takesAlarms ? 'yes' : 'no',
        usersOf(users) || '–',
      ].map(escapeControls),
    ),
  )
  await writeText(stdout, `${[...table, counted(rows.length, 'notification')].join('\n')}\n`)
}

function find(name: string, notifications: readonly Notification[]): Notification {
  const found = notifications.find((notification) => notification.name === name)
  if (found) return found
  const near = suggest(
    name,
    notifications.map((notification) => notification.name),
  )
  const hint = near === undefined ? '' : `. Did you mean "${near}"?`
  throw new CommandError(`there is no notification "${name}"${hint}`)
}

async function inspectOne(name: string, loaded: Loaded): Promise<void> {
  const { place, shown, target } = find(name, loaded.notifications)
  const { stdout } = loaded.streams
  if (loaded.output === 'json') {
    return writeText(stdout, `${JSON.stringify(shown, undefined, 2)}\n`)
  }
  const { type: _, name: __, format, ...rest } = shown
  const lines = [
    ` - Type: ${target.type}`,
    ` - Name: ${name}`,
    ` - File: ${place}`,
    ...Object.entries(rest).map(([key, value]) => ` - ${key}: ${valueText(value)}`),
    ...(format === undefined ? [] : [` - Format: ${blockText(String(format))}`]),
  ]
  await writeText(stdout, `${lines.join('\n')}\n`)
}

function valueText(value: unknown): string {
  return escapeControls(typeof value === 'string' ? value : JSON.stringify(value))
}

function blockText(text: string): string {
  const lines = text.trimEnd().split('\n').map(escapeControls)
  return lines.length === 1
    ? (lines[0] ?? '')
    : `\n${lines.map((line) => `     ${line}`).join('\n')}`
}

async function testOne(name: string, options: AlertOptions, loaded: Loaded): Promise<void> {
  const notification = find(name, loaded.notifications)
  const { streams } = loaded
  const alert = overridden(sampleAlert(systemClock.nowMs()), options)
  if (options.dryRun) {
    const text = notification.template.render([alert])
    return writeText(streams.stdout, text.endsWith('\n') ? text : `${text}\n`)
  }
  const error = await send(notification, alert, streams)
  if (error !== undefined)
    throw new CommandError(`${name}: not delivered: ${escapeControls(error)}`)
  await writeText(streams.stdout, `${name}: delivered\n`)
}

/** One attempt; why it failed, if it did. */
async function send(
  notification: Notification,
  alert: NotifiedAlert,
  streams: Streams,
): Promise<string | undefined> {
  const log = streamLog(streams.stderr, systemClock, { level: 'warn', format: 'text' })
  const deps = { clock: systemClock, log, variables: streams.env }
  const { error } = await testNotification(notification, [alert], deps)
  return error
}

function overridden(alert: NotifiedAlert, options: AlertOptions): NotifiedAlert {
  if (options.alert === undefined) return alert
  return overrideAlert(alert, options.alert, systemClock.nowMs())
}

async function reinjectAlert(
  id: string,
  options: AlertOptions,
  { profiles, notifications }: Loaded,
  { store, streams, nowMs }: AdminContext,
): Promise<void> {
  if (!/^\d+$/.test(id)) throw new CommandError(`bad alert id ${id}`)
  const [row] = await store.alerts.query({ id: Number(id) }, { withDecisions: true })
  if (!row) throw new CommandError(`there is no alert ${id}`)
  const alert = overridden(alertOfRow(row, nowMs), options)
  const { matched } = applyProfiles(alert.alert, profiles, { newUuid: () => crypto.randomUUID() })
  const names = new Set(matched.flatMap((profile) => profile.notifications))
  const told = await Promise.all(
    notifications
      .filter(({ name }) => names.has(name))
      .map(async (one) => ({ name: one.name, error: await send(one, alert, streams) })),
  )
  const lines = [
    ...profiles.map(
      (one) => `profile ${one.name}: ${matched.includes(one) ? 'matched' : 'not matched'}`,
    ),
    ...told.map(({ name, error }) =>
      error === undefined ? `${name}: delivered` : `${name}: not delivered: ${error}`,
    ),
    ...(told.length === 0 ? ['nobody is told: no matching profile has notifications'] : []),
  ]
  await writeText(streams.stdout, `${lines.map(escapeControls).join('\n')}\n`)
  if (told.some(({ error }) => error !== undefined)) throw new CommandError('')
}
