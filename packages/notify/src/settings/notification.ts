import type { Template } from '../template/template.ts'
import type { QuietHours } from './quiet-hours.ts'

/** The kinds of notifications, by the word of their `type`. */
export const notificationTypes = ['email', 'file', 'http', 'sentinel', 'slack', 'splunk'] as const
export type NotificationType = (typeof notificationTypes)[number]

/** How much a notification says in the log. */
export const notificationLogLevels = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const
export type NotificationLogLevel = (typeof notificationLogLevels)[number]

/** One way to tell somebody of alerts, as its file says, every default filled in. */
export interface Notification {
  readonly name: string
  /** Where it is defined: `notifications/ops.yaml:3`. */
  readonly place: string
  readonly template: Template
  readonly alarmTemplate: Template
  /** Of one attempt. */
  readonly timeoutMs: number
  /** Attempts after the first; undefined: until five minutes have passed. */
  readonly maxRetries: number | undefined
  readonly groupWaitMs: number
  readonly groupThreshold: number
  /** How often what has gathered is sent as one, alike alerts folded; 0 for no digest. */
  readonly digestMs: number
  readonly quietHours: QuietHours | undefined
  /** Whether it tells of sources gone silent and the like. */
  readonly takesAlarms: boolean
  /** Alerts that may wait; more are dropped. */
  readonly queueSize: number
  readonly logLevel: NotificationLogLevel
  readonly target: Target
  /** What must never be shown, such as a password. */
  readonly secrets: readonly string[]
  /** As the file has it, variables not expanded, secrets masked; for people. */
  readonly shown: Readonly<Record<string, unknown>>
}

/** Where the text goes. */
export type Target =
  | EmailTarget
  | FileTarget
  | HttpTarget
  | SentinelTarget
  | SlackTarget
  | SplunkTarget

export interface EmailTarget {
  readonly type: 'email'
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
  readonly auth: 'none' | 'crammd5' | 'login' | 'plain'
  readonly encryption: 'ssltls' | 'starttls' | 'none'
  readonly senderAddress: string
  readonly senderName: string
  readonly receivers: readonly string[]
  readonly subject: string
  readonly heloHost: string
  readonly connectTimeoutMs: number
  readonly sendTimeoutMs: number
  readonly skipsVerification: boolean
}

export interface FileTarget {
  readonly type: 'file'
  readonly path: string
  /** Undefined: the file only grows. */
  readonly rotation: Rotation | undefined
}

export interface Rotation {
  readonly maxSizeBytes: number
  /** 0 for any number. */
  readonly maxFiles: number
  /** 0 for any age. */
  readonly maxAgeDays: number
  readonly compresses: boolean
}

export interface HttpTarget {
  readonly type: 'http'
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsFiles
  /** Connects there instead of to the host of the URL. */
  readonly unixSocket: string | undefined
}

/** Certificates by path; read when a message is sent, so that renewed ones are taken up. */
export interface TlsFiles {
  readonly skipsVerification: boolean
  readonly caCertPath: string | undefined
  readonly certPath: string | undefined
  readonly keyPath: string | undefined
}

export interface SentinelTarget {
  readonly type: 'sentinel'
  readonly customerId: string
  /** Decoded. */
  readonly sharedKey: Buffer
  readonly logType: string
}

export interface SlackTarget {
  readonly type: 'slack'
  readonly webhook: URL
  readonly channel: string
  readonly username: string
  readonly iconEmoji: string
  readonly iconUrl: string
}

export interface SplunkTarget {
  readonly type: 'splunk'
  readonly url: URL
  readonly token: string
  readonly skipsVerification: boolean
}
