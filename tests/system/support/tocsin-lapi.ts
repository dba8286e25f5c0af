import { setTimeout as delay } from 'node:timers/promises'
import type { DebianPeers } from './debian-packages.ts'
import type { KnownMachine, LocalApi } from './local-api.ts'
import type { Sandbox } from './sandbox.ts'
import { isUp } from './socket-request.ts'
import { tocsinMain, writeTocsinConfig } from './tocsin-config.ts'

const port = 8080

/** Starts our Local API on a folder of the sandbox. */
export async function startTocsinLapi(sandbox: Sandbox, _peers: DebianPeers): Promise<LocalApi> {
  const socket = sandbox.path('tocsin.sock')
  const config = await writeTocsinConfig(sandbox, { port, socket })
  /** The commands write to the database; the server looks there every second. */
  const administer = async (...words: string[]) => {
    const output = await tocsin(...words)
    await delay(1_200)
    return output
  }
  const args = (...words: string[]) => [tocsinMain, ...words, '-c', config]
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
      return (await administer('bouncers', 'add', name, '-o', 'raw')).trim()
    },
    async addMachine(name, password) {
      await administer(
        'machines',
        'add',
        name,
        '--password',
        password,
        '-f',
        '/dev/null',
        '--force',
      )
    },
    async validateMachine(name) {
      await administer('machines', 'validate', name)
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
