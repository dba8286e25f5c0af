import { applicationPatterns } from './applications.ts'
import { backupPatterns } from './backup.ts'
import { firewallPatterns } from './firewalls.ts'
import { loginPatterns } from './login.ts'
import { monitoringPatterns } from './monitoring.ts'
import { networkPatterns } from './network.ts'
import { pathPatterns } from './paths.ts'
import { syslogPatterns } from './syslog.ts'
import { textPatterns } from './text.ts'
import { timePatterns } from './time.ts'
import { webPatterns } from './web.ts'

/** The text of every built-in pattern, one `NAME regexp` a line, each after those it refers to. */
export const libraryTexts: readonly string[] = [
  textPatterns,
  networkPatterns,
  pathPatterns,
  timePatterns,
  syslogPatterns,
  webPatterns,
  loginPatterns,
  firewallPatterns,
  monitoringPatterns,
  backupPatterns,
  applicationPatterns,
]
