/** What an agent or bouncer tells about the system it runs on. */
export interface SystemInfo {
  readonly version: string
  readonly osName: string
  readonly osFamily: string
  readonly osVersion: string
  readonly featureFlags: readonly string[]
}

/** An item of the hub on a machine: `{ name: 'a/sshd', version: '1.2', status: 'official' }`. */
export interface HubItemState {
  readonly name: string
  readonly version: string
  readonly status: string
}

export type MachineAuthType = 'password' | 'tls'

/** Who sends alerts. */
export interface Machine extends SystemInfo {
  readonly machineId: string
  readonly passwordHash: string
  readonly ipAddress: string
  readonly isValidated: boolean
  readonly authType: MachineAuthType
  readonly scenarios: readonly string[]
  readonly createdMs: number
  readonly updatedMs: number
  /** Undefined for never. */
  readonly lastPushMs: number | undefined
  readonly lastHeartbeatMs: number | undefined
  readonly hubState: Readonly<Record<string, readonly HubItemState[]>>
  readonly datasources: Readonly<Record<string, number>>
}

export interface NewMachine {
  readonly machineId: string
  readonly passwordHash: string
  readonly ipAddress: string
  readonly isValidated: boolean
  readonly authType: MachineAuthType
}

export interface MachineUsage extends SystemInfo {
  readonly hubState: Machine['hubState']
  readonly datasources: Machine['datasources']
}

export interface MachineStore {
  find(machineId: string): Machine | undefined
  list(): Machine[]
  /** @throws {StoreError} `TOC_STORE_EXISTS` when the name is taken. */
  add(machine: NewMachine): Promise<Machine>
  /** Sets password and validation of one that exists (`machines add --force`). False when unknown. */
  replace(machine: NewMachine): Promise<boolean>
  validate(machineId: string): Promise<boolean>
  /** Its alerts stay, without owner. False when unknown. */
  delete(machineId: string): Promise<boolean>
  updateLogin(
    machineId: string,
    login: {
      /** Empty or absent leaves the old ones. */
      readonly scenarios?: readonly string[]
      readonly ipAddress?: string
      readonly version?: string
    },
  ): Promise<void>
  updateUsage(machineId: string, usage: MachineUsage): Promise<void>
  /** Noted at once, written within a second. */
  touchHeartbeat(machineId: string): void
  touchPush(machineId: string): void
}
