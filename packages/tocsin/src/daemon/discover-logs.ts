/** Logs of a service, where distributions put them. */
export interface KnownService {
  readonly name: string
  readonly type: string
  readonly paths: readonly string[]
}

/** The services whose logs our rules understand. */
export const knownServices: readonly KnownService[] = [
  { name: 'system and sshd', type: 'syslog', paths: ['/var/log/auth.log', '/var/log/secure'] },
  { name: 'mail', type: 'syslog', paths: ['/var/log/mail.log', '/var/log/maillog'] },
  { name: 'nginx', type: 'nginx', paths: ['/var/log/nginx/*.log'] },
  {
    name: 'apache',
    type: 'apache2',
    paths: ['/var/log/apache2/*.log', '/var/log/httpd/*_log', '/var/log/httpd/*.log'],
  },
  { name: 'vsftpd', type: 'vsftpd', paths: ['/var/log/vsftpd.log'] },
  {
    name: 'mysql',
    type: 'mysql',
    paths: ['/var/log/mysql/error.log', '/var/log/mysqld.log', '/var/log/mariadb/*.log'],
  },
  { name: 'postgresql', type: 'postgres', paths: ['/var/log/postgresql/*.log'] },
]

/** What was found of one service. */
export interface FoundService extends KnownService {
  /** The patterns that match a file today; empty when the service has no log here. */
  readonly found: readonly string[]
}

/** Looks for the logs of known services; `matches` tells whether any file fits a pattern. */
export function discoverLogs(matches: (pattern: string) => boolean): FoundService[] {
  return knownServices.map((service) => ({ ...service, found: service.paths.filter(matches) }))
}
