import { hostname } from 'node:os'
import type { Config } from '@tocsin/config'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import type { StoredAlert } from '@tocsin/lapi'
import { Instant, systemClock } from '@tocsin/model'
import {
  createNotifier,
  type Notification,
  type Notifier,
  readNotificationDirectory,
} from '@tocsin/notify'
import type { Profile } from '@tocsin/profile'
import type { Log } from '@tocsin/telemetry'
import { CommandError, type Streams } from '../terminal/streams.ts'

/** The notifications of a configuration; warnings go to stderr. @throws {CommandError} */
export function loadNotifications(config: Config, log: Log, streams: Streams): Notification[] {
  const problems = new Problems()
  const services = {
    clock: systemClock,
    log,
    hostname: hostname(),
    variables: streams.env,
    offsetMinutesAt: (epochMs: number) => 0 - new Date(epochMs).getTimezoneOffset(),
  }
  const found = readNotificationDirectory(config.paths.notificationDir, services, problems)
  const shown = problems.list.map(formatProblem).join('\n')
  if (problems.errorCount > 0) throw new CommandError(shown)
  if (shown !== '') streams.stderr.write(`${shown}\n`)
  return found
}

/** Refuses profiles that name a notification nobody defined. @throws {CommandError} */
export function checkNames(
  profiles: readonly Profile[],
  notifications: readonly Notification[],
  directory: string,
): void {
  const known = new Set(notifications.map(({ name }) => name))
  const missing = profiles.flatMap((profile) =>
    profile.notifications
      .filter((name) => !known.has(name))
      .map((name) => `profile ${profile.name}: there is no notification "${name}" in ${directory}`),
  )
  if (missing.length > 0) throw new CommandError(missing.join('\n'))
}

/** The notifier of a Local API. @throws {CommandError} When a file has errors or a name is unknown. */
export function openNotifier(
  config: Config,
  profiles: readonly Profile[],
  log: Log,
  streams: Streams,
): Notifier {
  const notifications = loadNotifications(config, log, streams)
  checkNames(profiles, notifications, config.paths.notificationDir)
  return createNotifier(notifications, { clock: systemClock, log, variables: streams.env })
}

/** Hands alerts that were stored to the notifications of the profiles that matched. */
export function notifyStored(notifier: Notifier, alerts: readonly StoredAlert[]): void {
  const createdAt = new Instant(systemClock.nowMs())
  for (const { alert, row, matched } of alerts) {
    const names = matched.flatMap((profile) => profile.notifications)
    if (names.length === 0) continue
    notifier.notify(names, { alert, uuid: row.uuid, machineId: row.machineId, createdAt })
  }
}
