import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expandVariables } from '@tocsin/config'
import { type Problems, SourceText, suggest } from '@tocsin/diagnostic'
import { type ExpressionSource, readYaml, toData, type YamlMap } from '@tocsin/yaml'
import { sampleAlert } from '../sample-alert.ts'
import { compileTemplate, type Template, type TemplateServices } from '../template/template.ts'
import { TemplateError } from '../template/template-error.ts'
import { zoneOffsetMinutes } from '../zone-offset.ts'
import { defaultAlarmTemplates, defaultTemplates } from './default-templates.ts'
import { maskSettings } from './mask.ts'
import {
  type Notification,
  type NotificationType,
  notificationLogLevels,
  notificationTypes,
} from './notification.ts'
import { NotificationReader } from './notification-reader.ts'
import { type QuietHours, readTimeOfDay, weekdays } from './quiet-hours.ts'
import { readTarget } from './read-target.ts'

const defaultQueueSize = 10_000

/**
 * Reads every `*.yaml` and `*.yml` of a directory; a directory that is not there holds none.
 * Sub-directories are left alone.
 */
export function readNotificationDirectory(
  directory: string,
  services: TemplateServices,
  problems: Problems,
): Notification[] {
  const found: Notification[] = []
  for (const name of yamlFilesOf(directory, problems)) {
    const path = join(directory, name)
    try {
      const source = new SourceText(path, readFileSync(path, 'utf8'))
      found.push(...readNotifications(source, services, problems))
    } catch (error) {
      problems.error(path, 'TOC_NOTIFY_READ', `cannot read the file: ${messageOf(error)}`)
    }
  }
  return lastOfEachName(found, problems)
}

function yamlFilesOf(directory: string, problems: Problems): string[] {
  let entries: Dirent[] = []
  try {
    entries = readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing) {
      problems.error(directory, 'TOC_NOTIFY_READ', `cannot read the directory: ${messageOf(error)}`)
    }
  }
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map((entry) => entry.name)
    .sort()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function lastOfEachName(found: readonly Notification[], problems: Problems): Notification[] {
  const byName = new Map<string, Notification>()
  for (const notification of found) {
    const { name, place } = notification
    if (byName.has(name)) {
      const message = `notification "${name}" is defined multiple times, the last one counts`
      problems.warn(place, 'TOC_NOTIFY_DUPLICATE', message)
    }
    byName.set(name, notification)
  }
  return [...byName.values()]
}

/** Reads the notifications of one text, `---` between them. */
export function readNotifications(
  source: SourceText,
  services: TemplateServices,
  problems: Problems,
): Notification[] {
  const found: Notification[] = []
  for (const { root } of readYaml(source, problems)) {
    if (!root || (root.kind === 'scalar' && root.isNull)) continue
    if (root.kind !== 'map') {
      problems.error(
        root.span,
        'TOC_NOTIFY_KIND',
        `a notification must be a map, not a ${root.kind}`,
      )
      continue
    }
    const notification = readNotification(root, services, problems)
    if (notification) found.push(notification)
  }
  return found
}

function readNotification(
  written: YamlMap,
  services: TemplateServices,
  problems: Problems,
): Notification | undefined {
  const reader = new NotificationReader(withVariables(written, services), 'notification', problems)
  const errorCount = problems.errorCount
  const type = readType(reader)
  const name = reader.required('name')
  if (type === undefined) return undefined
  const common = {
    timeoutMs: reader.durationMs('timeout', 5000) || 5000,
    maxRetries: reader.count('max_retry', 0) || undefined,
    groupWaitMs: reader.durationMs('group_wait', 0),
    groupThreshold: reader.count('group_threshold', 0),
    digestMs: reader.durationMs('digest', 0),
    quietHours: readQuietHours(reader),
    takesAlarms: reader.boolean('alarms', type === 'email' || type === 'slack'),
    queueSize: reader.count('queue_size', defaultQueueSize, 1),
    logLevel: reader.oneOf('log_level', notificationLogLevels, 'info'),
  }
  const templates = readTemplates(type, written, services, problems)
  // Asked for so that they are known keys: their text is taken from before variables are expanded.
  reader.yaml.has('format')
  reader.yaml.has('alarm_format')
  const read = readTarget(type, reader)
  reader.close()
  if (!read || !templates || name === undefined || problems.errorCount > errorCount)
    return undefined
  const { line } = written.span.source.positionAt(written.span.start)
  return {
    name,
    place: `${written.span.source.name}:${line}`,
    ...common,
    ...templates,
    ...read,
    shown: maskSettings(Object.fromEntries(Object.entries(toData(written) as object))),
  }
}

/** With variables expanded everywhere but in templates, which have `env` for that. */
function withVariables(written: YamlMap, { variables }: TemplateServices): YamlMap {
  const expanded = expandVariables(written, variables)
  return expanded.kind === 'map' ? expanded : written
}

function readType(reader: NotificationReader): NotificationType | undefined {
  const text = reader.required('type')
  if (text === undefined) return undefined
  const type = notificationTypes.find((candidate) => candidate === text)
  if (type !== undefined) return type
  const near = suggest(text, notificationTypes)
  return reader.fault(
    'type',
    'TOC_NOTIFY_TYPE',
    `unknown notification type "${text}"`,
    near === undefined ? `types: ${notificationTypes.join(', ')}` : `did you mean "${near}"?`,
  )
}

function readTemplates(
  type: NotificationType,
  written: YamlMap,
  services: TemplateServices,
  problems: Problems,
): { template: Template; alarmTemplate: Template } | undefined {
  const reader = new NotificationReader(written, 'notification', problems)
  const given = templateOf(reader.yaml.spannedText('format'), services, problems)
  const alarm = templateOf(reader.yaml.spannedText('alarm_format'), services, problems)
  if (given === 'wrong' || alarm === 'wrong') return undefined
  const template = given ?? compileTemplate(defaultTemplates[type], services)
  const alarmDefault = defaultAlarmTemplates[type]
  const alarmTemplate =
    alarm ?? (alarmDefault === undefined ? template : compileTemplate(alarmDefault, services))
  return { template, alarmTemplate }
}

/** Compiles and tries a template on a sample; undefined when there is none. */
function templateOf(
  text: ExpressionSource | undefined,
  services: TemplateServices,
  problems: Problems,
): Template | undefined | 'wrong' {
  if (!text || text.text.trim() === '') return undefined
  try {
    const template = compileTemplate(text.text, services)
    tryTemplate(text, services, problems)
    return template
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    problems.error(text.locate(error.start, error.end), error.code, error.message, error.hint)
    return 'wrong'
  }
}

/** What fails for the sample may still do for others, so it is only worth a warning. */
function tryTemplate(text: ExpressionSource, services: TemplateServices, problems: Problems): void {
  const { cti: _, ...withoutNetwork } = services
  try {
    compileTemplate(text.text, withoutNetwork).render([sampleAlert(services.clock.nowMs())])
  } catch (error) {
    if (!(error instanceof TemplateError) || error.code !== 'TOC_NOTIFY_RENDER') throw error
    const message = `the template fails for a sample alert: ${error.message}`
    problems.warn(text.locate(error.start, error.end), error.code, message, error.hint)
  }
}

function readQuietHours(reader: NotificationReader): QuietHours | undefined {
  const section = reader.section('quiet_hours')
  if (!section) return undefined
  const minuteOf = (key: string) => {
    const text = section.required(key)
    if (text === undefined) return undefined
    const minute = readTimeOfDay(text)
    if (minute !== undefined) return minute
    return section.fault(
      key,
      'TOC_NOTIFY_VALUE',
      `"${key}" must be a time of day, not "${text}"`,
      'such as "22:00"',
    )
  }
  const fromMinute = minuteOf('from')
  const toMinute = minuteOf('to')
  const zone = section.text('timezone', 'UTC')
  if (zoneOffsetMinutes(zone, 0) === undefined) {
    section.fault(
      'timezone',
      'TOC_NOTIFY_VALUE',
      `there is no time zone "${zone}"`,
      'such as Europe/Berlin',
    )
  }
  const given = section.yaml.textList('days') ?? weekdays
  const days = weekdays.filter((day) => given.some((text) => text.toLowerCase() === day))
  if (days.length !== given.length) {
    section.fault('days', 'TOC_NOTIFY_VALUE', `"days" must be some of ${weekdays.join(', ')}`)
  }
  section.close()
  if (fromMinute === undefined || toMinute === undefined) return undefined
  return { fromMinute, toMinute, zone, days: new Set(days) }
}
