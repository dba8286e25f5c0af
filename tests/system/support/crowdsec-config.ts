import { mkdir, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DebianPeers } from './debian-packages.ts'
import type { TemporaryFolder } from './temporary-folder.ts'

export interface CrowdsecConfig {
  /** Below the temporary's folder; every instance has its own. */
  readonly folder: string
  readonly server?: { readonly port: number }
  /** Log files to read; the instance is an agent when there are some. */
  readonly logs?: readonly { readonly path: string; readonly type: string }[]
  /** `parsers/s00-raw/crowdsecurity/syslog-logs.yaml`, below the package's hub. */
  readonly hubItems?: readonly string[]
  readonly lapi?: {
    readonly url: string
    /** Absent until it is registered. */
    readonly login?: string
    readonly password?: string
  }
}

/** Writes the configuration of a packaged `crowdsec` and gives the path of its `config.yaml`. */
export async function writeCrowdsecConfig(
  temporary: TemporaryFolder,
  peers: DebianPeers,
  config: CrowdsecConfig,
): Promise<string> {
  const at = (...parts: string[]) => temporary.path(config.folder, ...parts)
  await mkdir(at('data'), { recursive: true })
  await mkdir(at('log'), { recursive: true })
  await symlink(join(peers.etc, 'patterns'), at('patterns'))
  for (const item of config.hubItems ?? []) {
    // `parsers/s00-raw/AUTHOR/x.yaml` in the hub is `parsers/s00-raw/x.yaml` where it is in use.
    const parts = item.split('/')
    const folder = at(...parts.slice(0, -2))
    await mkdir(folder, { recursive: true })
    await symlink(join(peers.hub, item), join(folder, basename(item)))
  }
  const { lapi, logs = [], server } = config
  await temporary.write(
    `${config.folder}/credentials.yaml`,
    Object.entries(lapi ?? {})
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  )
  await temporary.write(`${config.folder}/simulation.yaml`, 'simulation: false\n')
  await temporary.write(`${config.folder}/profiles.yaml`, profiles)
  await temporary.write(
    `${config.folder}/acquis.yaml`,
    logs.map(({ path, type }) => `filenames: [${path}]\nlabels:\n  type: ${type}\n`).join('---\n'),
  )
  return temporary.write(
    `${config.folder}/config.yaml`,
    `common:
  daemonize: false
  log_media: stdout
  log_level: info
config_paths:
  config_dir: ${at()}/
  data_dir: ${at('data')}/
  simulation_path: ${at('simulation.yaml')}
  hub_dir: ${peers.hub}/
  index_path: ${peers.hub}/.index.json
  notification_dir: ${at('notifications')}/
crowdsec_service:
  acquisition_path: ${at('acquis.yaml')}
  parser_routines: 1
cscli:
  output: human
db_config:
  type: sqlite
  db_path: ${at('data/crowdsec.db')}
  use_wal: true
  flush:
    max_items: 5000
    max_age: 7d
api:
  client:
    insecure_skip_verify: false
    credentials_path: ${at('credentials.yaml')}
${server ? serverSection(at(), server.port) : ''}prometheus:
  enabled: false
`,
  )
}

const profiles = `name: default_ip_remediation
filters:
 - Alert.Remediation == true && Alert.GetScope() == "Ip"
decisions:
 - type: ban
   duration: 4h
on_success: break
`

function serverSection(folder: string, port: number): string {
  return `  server:
    log_level: info
    listen_uri: 127.0.0.1:${port}
    profiles_path: ${folder}/profiles.yaml
    trusted_ips: [127.0.0.1, "::1"]
`
}
