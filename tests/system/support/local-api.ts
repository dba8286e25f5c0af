/** A Local API that runs in a sandbox, whoever wrote it. */
export interface LocalApi {
  readonly name: 'tocsin' | 'crowdsec'
  /** From inside the sandbox: `http://127.0.0.1:8080/`. */
  readonly url: string
  /** From outside: the path of a Unix socket. */
  readonly socket: string
  /** Makes a bouncer known and gives its key. */
  addBouncer(name: string): Promise<string>
  /** Makes a machine known, so that it may log in. */
  addMachine(name: string, password: string): Promise<void>
  validateMachine(name: string): Promise<void>
  /** As `machines list -o json` shows them. */
  machines(): Promise<readonly KnownMachine[]>
  /** Ends it and starts it again on the same data. */
  restart(): Promise<void>
  /** What it logged, for messages about failures. */
  log(): Promise<string>
}

export interface KnownMachine {
  readonly machineId: string
  readonly version?: string
  readonly isValidated?: boolean
  readonly last_heartbeat?: string | null
}
