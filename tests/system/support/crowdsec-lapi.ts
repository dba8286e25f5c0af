import { writeCrowdsecConfig } from './crowdsec-config.ts'
import type { DebianPeers } from './debian-packages.ts'
import type { KnownMachine, LocalApi } from './local-api.ts'
import type { Sandbox } from './sandbox.ts'
import { isUp } from './socket-request.ts'

const port = 8080

/** Starts the packaged `crowdsec` as a Local API and nothing else: it asks nobody on the Internet. */
export async function startCrowdsecLapi(sandbox: Sandbox, peers: DebianPeers): Promise<LocalApi> {
  const config = await writeCrowdsecConfig(sandbox, peers, { folder: 'peer', server: { port } })
  const socket = sandbox.path('peer.sock')
  const cscli = (...args: string[]) => sandbox.run(peers.cscli, ['-c', config, ...args])
  const start = async () => {
    const started = sandbox.start('crowdsec', peers.crowdsec, ['-c', config, '-no-cs'])
    await started.ready('the Local API answers', () => isUp(socket, '/v1/heartbeat'))
    return started
  }
  sandbox.start('relay', process.execPath, [`${import.meta.dirname}/relay.ts`, socket, `${port}`])
  let running = await start()
  return {
    name: 'crowdsec',
    url: `http://127.0.0.1:${port}/`,
    socket,
    async addBouncer(name) {
      return (await cscli('bouncers', 'add', name, '-o', 'raw')).trim()
    },
    async addMachine(name, password) {
      await cscli('machines', 'add', name, '--password', password, '-f', '/dev/null')
    },
    async validateMachine(name) {
      await cscli('machines', 'validate', name)
    },
    async machines() {
      return JSON.parse(await cscli('machines', 'list', '-o', 'json')) as KnownMachine[]
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
