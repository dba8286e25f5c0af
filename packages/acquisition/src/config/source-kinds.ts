import { fileKind } from '../file/file-kind.ts'
import { journalKind } from '../journal-source.ts'
import { stdinKind } from '../stdin-source.ts'
import { syslogKind } from '../syslog/syslog-source.ts'
import type { SourceKind } from './source-kind.ts'

/** Every kind of source there is. */
export const sourceKinds: readonly SourceKind[] = [fileKind, journalKind, syslogKind, stdinKind]

/** What acquisition files of other engines may name beside them. */
export const unbuiltModules: readonly string[] = [
  'appsec',
  'cloudwatch',
  'docker',
  'http',
  'k8s-audit',
  'kafka',
  'kinesis',
  'loki',
  's3',
  'victorialogs',
  'wineventlog',
]
