/** A service whose logs are worth reading, and how its logs and its presence are known. */
export interface KnownService {
  readonly name: string
  /** What people call it. */
  readonly title: string
  /** The label `type` that its parsers ask for. */
  readonly type: string
  /** Where it logs by default on the common distributions. */
  readonly paths: readonly string[]
  /** Units of systemd that run it; with `logsToJournal` their journal is read when no path matches. */
  readonly units: readonly string[]
  readonly logsToJournal?: boolean
  /** What to install from the hub for it. */
  readonly collections: readonly string[]
  /** Its paths are shared with others and say nothing about its presence; only a unit does. */
  readonly isKnownByUnit?: boolean
}

/** In the order in which they claim paths: the first whose presence is certain has a shared one. */
export const knownServices: readonly KnownService[] = [
  {
    ...{ name: 'sshd', title: 'OpenSSH', type: 'syslog', logsToJournal: true },
    paths: ['/var/log/auth.log', '/var/log/secure'],
    ...{ units: ['ssh.service', 'sshd.service'], collections: ['crowdsecurity/sshd'] },
  },
  {
    ...{ name: 'linux', title: 'system log', type: 'syslog' },
    paths: ['/var/log/syslog', '/var/log/messages', '/var/log/kern.log'],
    ...{ units: [], collections: ['crowdsecurity/linux'] },
  },
  {
    ...{ name: 'nginx', title: 'nginx', type: 'nginx' },
    paths: ['/var/log/nginx/*.log', '/usr/local/openresty/nginx/logs/*.log'],
    ...{ units: ['nginx.service', 'openresty.service'], collections: ['crowdsecurity/nginx'] },
  },
  {
    ...{ name: 'apache2', title: 'Apache httpd', type: 'apache2' },
    paths: ['/var/log/apache2/*.log', '/var/log/httpd/*log'],
    ...{ units: ['apache2.service', 'httpd.service'], collections: ['crowdsecurity/apache2'] },
  },
  {
    ...{ name: 'caddy', title: 'Caddy', type: 'caddy', paths: ['/var/log/caddy/*.log'] },
    ...{ units: ['caddy.service'], collections: ['crowdsecurity/caddy'] },
  },
  {
    ...{ name: 'traefik', title: 'Traefik', type: 'traefik', paths: ['/var/log/traefik/*.log'] },
    ...{ units: ['traefik.service'], collections: ['crowdsecurity/traefik'] },
  },
  {
    ...{ name: 'haproxy', title: 'HAProxy', type: 'haproxy', paths: ['/var/log/haproxy.log'] },
    ...{ units: ['haproxy.service'], collections: ['crowdsecurity/haproxy'] },
  },
  {
    ...{ name: 'mariadb', title: 'MariaDB', type: 'mariadb' },
    paths: ['/var/log/mysql/error.log', '/var/log/mariadb/mariadb.log'],
    ...{ units: ['mariadb.service'], collections: ['crowdsecurity/mariadb'], isKnownByUnit: true },
  },
  {
    ...{ name: 'mysql', title: 'MySQL', type: 'mysql' },
    paths: ['/var/log/mysql/error.log', '/var/log/mysqld.log', '/var/log/mysql/mysqld.log'],
    ...{ units: ['mysql.service', 'mysqld.service'], collections: ['crowdsecurity/mysql'] },
  },
  {
    ...{ name: 'postgresql', title: 'PostgreSQL', type: 'postgres' },
    paths: ['/var/log/postgresql/*.log', '/var/lib/pgsql/data/log/*.log'],
    ...{ units: ['postgresql.service'], collections: ['crowdsecurity/pgsql'] },
  },
  {
    ...{ name: 'postfix', title: 'Postfix', type: 'syslog', logsToJournal: true },
    paths: ['/var/log/mail.log', '/var/log/maillog'],
    units: ['postfix.service', 'postfix@-.service'],
    ...{ collections: ['crowdsecurity/postfix'], isKnownByUnit: true },
  },
  {
    ...{ name: 'dovecot', title: 'Dovecot', type: 'syslog', logsToJournal: true },
    paths: ['/var/log/mail.log', '/var/log/maillog'],
    units: ['dovecot.service'],
    ...{ collections: ['crowdsecurity/dovecot'], isKnownByUnit: true },
  },
  {
    ...{ name: 'exim', title: 'Exim', type: 'exim' },
    paths: ['/var/log/exim4/mainlog', '/var/log/exim_mainlog', '/var/log/exim/main.log'],
    ...{ units: ['exim4.service', 'exim.service'], collections: ['crowdsecurity/exim'] },
  },
  {
    ...{ name: 'vsftpd', title: 'vsftpd', type: 'vsftpd', paths: ['/var/log/vsftpd.log'] },
    ...{ units: ['vsftpd.service'], collections: ['crowdsecurity/vsftpd'] },
  },
  {
    ...{ name: 'proftpd', title: 'ProFTPD', type: 'proftpd', paths: ['/var/log/proftpd/*.log'] },
    ...{ units: ['proftpd.service'], collections: ['crowdsecurity/proftpd'] },
  },
  {
    ...{ name: 'samba', title: 'Samba', type: 'smb' },
    paths: ['/var/log/samba/log.*', '/var/log/samba/*.log'],
    ...{ units: ['smbd.service', 'smb.service'], collections: ['crowdsecurity/smb'] },
  },
  {
    ...{ name: 'asterisk', title: 'Asterisk', type: 'asterisk' },
    paths: ['/var/log/asterisk/*.log', '/var/log/asterisk/messages'],
    ...{ units: ['asterisk.service'], collections: ['crowdsecurity/asterisk'] },
  },
  {
    ...{ name: 'suricata', title: 'Suricata', type: 'suricata-evelogs' },
    paths: ['/var/log/suricata/eve.json'],
    ...{ units: ['suricata.service'], collections: ['crowdsecurity/suricata'] },
  },
  {
    ...{ name: 'auditd', title: 'auditd', type: 'auditd', paths: ['/var/log/audit/audit.log'] },
    ...{ units: ['auditd.service'], collections: ['crowdsecurity/auditd'] },
  },
  {
    ...{ name: 'gitlab', title: 'GitLab', type: 'gitlab' },
    paths: ['/var/log/gitlab/gitlab-rails/production_json.log'],
    ...{ units: ['gitlab-runsvdir.service'], collections: ['timokoessler/gitlab'] },
  },
  {
    ...{ name: 'grafana', title: 'Grafana', type: 'grafana' },
    paths: ['/var/log/grafana/grafana.log'],
    ...{ units: ['grafana-server.service'], collections: ['LePresidente/grafana'] },
  },
]
