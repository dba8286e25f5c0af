import { join } from 'node:path'
import type { DebianPeers } from './debian-packages.ts'
import type { KnownMachine, LocalApi } from './local-api.ts'
import type { Sandbox } from './sandbox.ts'
import { isUp } from './socket-request.ts'

const port = 8080
const main = join(import.meta.dirname, '../../../packages/tocsin/src/main.ts')

/** Starts our Local API on a folder of the sandbox. */
export async function startTocsinLapi(sandbox: Sandbox, _peers: DebianPeers): Promise<LocalApi> {
  const socket = sandbox.path('tocsin.sock')
  const config = await sandbox.write(
    'tocsin/config.yaml',
    `config_paths:
  config_dir: ${sandbox.path('tocsin')}/
  data_dir: ${sandbox.path('tocsin/data')}/
db_config:
  type: sqlite
  db_path: ${sandbox.path('tocsin/data/tocsin.db')}
  flush:
    max_items: 5000
    max_age: 7d
api:
  server:
    listen_uri: 127.0.0.1:${port}
    listen_socket: ${socket}
    profiles_path: ${sandbox.path('tocsin/profiles.yaml')}
`,
  )
  await sandbox.write('tocsin/profiles.yaml', profiles)
  await sandbox.write('tocsin/data/.keep', '')
  const args = (...words: string[]) => [main, ...words, '-c', config]
  const tocsin = (...words: string[]) => sandbox.run(process.execPath, args(...words))
  const start = async () => {
    const started = sandbox.start('tocsin', process.execPath, args('lapi'))
    await started.ready('the Local API answers', () => isUp(socket, '/health'))
    return started
  }
  let running = await start()
  return {
    name: 'tocsin',
    url: `http://127.0.0.1:${port}/`,
    socket,
    async addBouncer(name) {
      return (await tocsin('bouncers', 'add', name, '-o', 'raw')).trim()
    },
    async addMachine(name, password) {
      await tocsin('machines', 'add', name, '--password', password, '-f', '/dev/null', '--force')
    },
    async validateMachine(name) {
      await tocsin('machines', 'validate', name)
    },
    async machines() {
      return JSON.parse(await tocsin('machines', 'list', '-o', 'json')) as KnownMachine[]
    },
    async restart() {
      await running.stop()
      running = await start()
    },
    async log() {
      return running.output
    },
  }
}

const profiles = `name: default_ip_remediation
filters:
 - Alert.Remediation == true && Alert.GetScope() == "Ip"
decisions:
 - type: ban
   duration: 4h
on_success: break
`
