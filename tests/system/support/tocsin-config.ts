import { join } from 'node:path'
import type { TemporaryFolder } from './temporary-folder.ts'

/** The program, as `npm start` runs it. */
export const tocsinMain = join(import.meta.dirname, '../../../packages/tocsin/src/main.ts')

export interface TocsinConfig {
  readonly port: number
  readonly socket: string
}

/** Writes the configuration of our Local API and gives the path of its `config.yaml`. */
export async function writeTocsinConfig(
  temporary: TemporaryFolder,
  { port, socket }: TocsinConfig,
): Promise<string> {
  const folder = temporary.path('tocsin')
  await temporary.write('tocsin/profiles.yaml', profiles)
  await temporary.write('tocsin/data/.keep', '')
  return temporary.write(
    'tocsin/config.yaml',
    `config_paths:
  config_dir: ${folder}/
  data_dir: ${folder}/data/
db_config:
  type: sqlite
  db_path: ${folder}/data/tocsin.db
  flush:
    max_items: 5000
    max_age: 7d
api:
  server:
    listen_uri: 127.0.0.1:${port}
    listen_socket: ${socket}
    profiles_path: ${folder}/profiles.yaml
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
