import { mkdir } from 'node:fs/promises'
import { type Caller, createCaller, type Reply, type Sent } from './http-caller.ts'
import { run } from './run.ts'
import { SupervisedProcess } from './supervised-process.ts'
import { TemporaryFolder } from './temporary-folder.ts'
import { tocsinMain } from './tocsin-config.ts'

const machine = { machine_id: 'operator', password: 'by-hand-1234' }

export interface LapiProcessOptions {
  /** Lines of `db_config`; a database file in the folder when absent. */
  readonly database?: Readonly<Record<string, string>>
  /** Where the database file is, when not in a folder made for it. */
  readonly dataFolder?: string
  /** Runs the server with other limits: `ulimit -n 200`. */
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}

/** `tocsin lapi` on a free port of this machine, ended, killed and started as a test wants. */
export class LapiProcess implements AsyncDisposable {
  readonly name: string
  readonly #folder: TemporaryFolder
  readonly #config: string
  readonly #options: LapiProcessOptions
  #process: SupervisedProcess | undefined
  #caller: Caller | undefined
  #url = ''
  /** What ended processes logged. */
  #past = ''

  private constructor(
    name: string,
    folder: TemporaryFolder,
    config: string,
    options: LapiProcessOptions,
  ) {
    this.name = name
    this.#folder = folder
    this.#config = config
    this.#options = options
  }

  /** Writes a configuration; nothing runs yet. */
  static async create(name: string, options: LapiProcessOptions = {}): Promise<LapiProcess> {
    const folder = await TemporaryFolder.create(name)
    const data = options.dataFolder ?? folder.path('data')
    await mkdir(data, { recursive: true })
    const database = options.database ?? { type: 'sqlite', db_path: `${data}/tocsin.db` }
    const lines = Object.entries(database).map(([key, value]) => `  ${key}: ${value}\n`)
    const text = `config_paths:
  config_dir: ${folder.folder}/
  data_dir: ${data}/
db_config:
${lines.join('')}api:
  server:
    listen_uri: 127.0.0.1:0
prometheus:
  enabled: false
`
    const config = await folder.write('config.yaml', text)
    return new LapiProcess(name, folder, config, options)
  }

  get url(): string {
    return this.#url
  }

  get port(): number {
    return Number(new URL(this.#url).port)
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  /** Whether it ended by itself. */
  get hasEnded(): boolean {
    return this.#process?.hasEnded ?? false
  }

  /** All it said since it was created. */
  get log(): string {
    return this.#past + (this.#process?.output ?? '')
  }

  /** Runs a command on the same configuration. */
  tocsin(...words: string[]): Promise<string> {
    return run(process.execPath, [tocsinMain, ...words, '-c', this.#config])
  }

  /** Makes the machine known that `machineHeaders` logs in as. */
  async addMachine(): Promise<void> {
    const { machine_id: id, password } = machine
    await this.tocsin('machines', 'add', id, '--password', password, '-f', '/dev/null', '--force')
  }

  /** Makes a bouncer known; gives the headers it sends. */
  async addBouncer(name: string): Promise<Record<string, string>> {
    const key = (await this.tocsin('bouncers', 'add', name, '-o', 'raw')).trim()
    return { 'x-api-key': key, 'user-agent': 'tocsin-system-bouncer/v1.0' }
  }

  /** Starts it; resolves when it listens. */
  async start(): Promise<void> {
    const words = [tocsinMain, 'lapi', '-c', this.#config]
    const { shell, env } = this.#options
    const started =
      shell === undefined
        ? new SupervisedProcess(this.name, process.execPath, words, env)
        : new SupervisedProcess(
            this.name,
            'sh',
            ['-c', `${shell}; exec "$@"`, 'sh', process.execPath, ...words],
            env,
          )
    this.#process = started
    this.#url = await started.ready(
      'it listens',
      () => /listening on (http:\S+?)(?:,|\s)/.exec(started.output)?.[1],
    )
    this.#caller = createCaller(this.#url)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#caller?.close()
    await this.#process?.stop(signal)
    this.#past += this.#process?.output ?? ''
    this.#process = undefined
  }

  /** As a loss of power ends it: nothing is written any more. */
  kill(): Promise<void> {
    return this.stop('SIGKILL')
  }

  request(method: string, path: string, sent: Sent = {}): Promise<Reply> {
    if (!this.#caller) throw new Error(`${this.name} was not started`)
    return this.#caller.request(method, path, sent)
  }

  /** Logs the machine in; another `password` for one that is wrong. */
  login(password = machine.password, id = machine.machine_id): Promise<Reply> {
    const headers = { 'user-agent': 'crowdsec/v1.0', connection: 'close' }
    return this.request('POST', '/v1/watchers/login', {
      headers,
      body: JSON.stringify({ machine_id: id, password }),
    })
  }

  /** Logs in and gives what the machine sends from then on. */
  async machineHeaders(): Promise<Record<string, string>> {
    const reply = await this.login()
    if (reply.status !== 200) throw new Error(`login: ${reply.status} ${reply.text}`)
    return { authorization: `Bearer ${JSON.parse(reply.text).token}` }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.#folder[Symbol.asyncDispose]()
  }
}
