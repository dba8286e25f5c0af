import { hashPassword } from '@tocsin/lapi'
import type { Machine } from '@tocsin/store'
import { Command } from 'commander'
import {
  type AdminContext,
  type AdminOptions,
  addAdminOptions,
  withStore,
} from '../admin/admin-command.ts'
import {
  createMachineId,
  createPassword,
  formatCredentials,
  localUrl,
  refuseExisting,
  writeCredentials,
} from '../admin/credentials-file.ts'
import { counted, isoTime, printListing } from '../admin/print.ts'
import { formatSpan } from '../terminal/numbers.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'

interface AddOptions extends AdminOptions {
  readonly auto?: boolean
  readonly password?: string
  readonly file?: string
  readonly url?: string
  readonly force?: boolean
}

interface DeleteOptions extends AdminOptions {
  readonly ignoreMissing?: boolean
}

/** `tocsin machines …` */
export function machinesCommand(streams: Streams): Command {
  const machines = new Command('machines').description('who sends alerts to the Local API')
  const add = new Command('add')
    .description('make a machine, and the file it logs in with')
    .argument('[name]', 'how it is called; --auto makes a name, too')
    .option('-a, --auto', 'make a password')
    .option('-p, --password <password>', 'its password')
    .option('-f, --file <path>', 'where to write its credentials; - prints them')
    .option('-u, --url <url>', 'where it finds the Local API')
    .option('--force', 'overwrite the file, change the password of a machine there is')
  machines.addCommand(
    addAdminOptions(add).action((name: string | undefined, options: AddOptions) =>
      withStore(options, streams, (context) => addMachine(name, options, context)),
    ),
  )
  const list = new Command('list').description('every machine')
  machines.addCommand(
    addAdminOptions(list).action((options: AdminOptions) =>
      withStore(options, streams, listMachines),
    ),
  )
  const remove = new Command('delete')
    .description('delete machines; their alerts stay')
    .argument('<name...>')
    .option('--ignore-missing', 'a machine that is not there is no error')
  machines.addCommand(
    addAdminOptions(remove).action((names: string[], options: DeleteOptions) =>
      withStore(options, streams, (context) => deleteMachines(names, options, context)),
    ),
  )
  const validate = new Command('validate')
    .description('let a machine that registered itself log in')
    .argument('<name>')
  machines.addCommand(
    addAdminOptions(validate).action((name: string, options: AdminOptions) =>
      withStore(options, streams, async ({ store }) => {
        if (!(await store.machines.validate(name))) throw new CommandError('machine not found')
        await writeText(streams.stderr, `machine '${name}' validated successfully\n`)
      }),
    ),
  )
  return machines
}

const maxPasswordBytes = 72

async function addMachine(
  given: string | undefined,
  options: AddOptions,
  { store, config, streams }: AdminContext,
): Promise<void> {
  const name = given ?? (options.auto ? createMachineId() : undefined)
  if (name === undefined) throw new CommandError('please specify a machine name or use --auto')
  const password = options.password ?? (options.auto ? createPassword() : undefined)
  if (password === undefined)
    throw new CommandError('please specify a password with --password or use --auto')
  if (Buffer.byteLength(password) > maxPasswordBytes) throw new CommandError('password too long')
  const path = options.file ?? config.client?.credentialsPath
  if (path === undefined) {
    throw new CommandError('please specify a file to write the credentials to with -f')
  }
  if (options.file === undefined && !options.force) refuseExisting(path)
  const known = store.machines.find(name)
  if (known && !options.force) {
    throw new CommandError(`machine ${name} already exists: use --force to change its password`)
  }
  const machine = {
    machineId: name,
    passwordHash: await hashPassword(password),
    ipAddress: known?.ipAddress ?? '',
    isValidated: true,
    authType: 'password',
  } as const
  if (known) await store.machines.replace(machine)
  else await store.machines.add(machine)
  const credentials = { url: options.url ?? localUrl(config), login: name, password }
  if (path === '-') return writeText(streams.stdout, formatCredentials(credentials))
  writeCredentials(path, credentials)
  const sentence = `Machine '${name}' successfully added to the local API.`
  await writeText(streams.stderr, `${sentence}\nAPI credentials written to '${path}'.\n`)
}

async function listMachines(context: AdminContext): Promise<void> {
  const machines = context.store.machines.list()
  const age = (ms: number | undefined): string => {
    return ms === undefined ? '–' : formatSpan(Math.max(0, context.nowMs - ms))
  }
  await printListing(
    {
      columns: ['name', 'address', 'status', 'version', 'os', 'auth', 'heartbeat'].map((title) => ({
        title,
      })),
      rows: machines.map((machine) => [
        machine.machineId,
        machine.ipAddress,
        machine.isValidated ? 'validated' : 'pending',
        machine.version,
        osOf(machine),
        machine.authType,
        age(machine.lastHeartbeatMs),
      ]),
      summary: counted(machines.length, 'machine'),
      rawHeader: [
        'machine_id',
        'ip_address',
        'updated_at',
        'validated',
        'version',
        'auth_type',
        'last_heartbeat',
        'os',
      ],
      rawRows: machines.map((machine) => [
        machine.machineId,
        machine.ipAddress,
        isoTime(machine.updatedMs),
        machine.isValidated ? 'true' : 'false',
        machine.version,
        machine.authType,
        machine.lastHeartbeatMs === undefined ? '-' : age(machine.lastHeartbeatMs),
        osOf(machine),
      ]),
      json: machines.map(machineJson),
    },
    context,
  )
}

function osOf(machine: Machine): string {
  return machine.osName === '' ? '?' : `${machine.osName}/${machine.osVersion}`
}

function machineJson(machine: Machine): Readonly<Record<string, unknown>> {
  return {
    created_at: isoTime(machine.createdMs),
    updated_at: isoTime(machine.updatedMs),
    ...(machine.lastPushMs !== undefined && { last_push: isoTime(machine.lastPushMs) }),
    ...(machine.lastHeartbeatMs !== undefined && {
      last_heartbeat: isoTime(machine.lastHeartbeatMs),
    }),
    machineId: machine.machineId,
    ...(machine.ipAddress !== '' && { ipAddress: machine.ipAddress }),
    ...(machine.version !== '' && { version: machine.version }),
    ...(machine.isValidated && { isValidated: true }),
    auth_type: machine.authType,
    os: osOf(machine),
    featureflags: machine.featureFlags,
    datasources: machine.datasources,
  }
}

async function deleteMachines(
  names: readonly string[],
  options: DeleteOptions,
  { store, streams }: AdminContext,
): Promise<void> {
  const missing: string[] = []
  for (const name of names) {
    const isDeleted = await store.machines.delete(name)
    if (isDeleted) await writeText(streams.stderr, `machine '${name}' deleted successfully\n`)
    else missing.push(name)
  }
  if (missing.length === 0 || options.ignoreMissing) return
  throw new CommandError(`no such machine: ${missing.join(', ')}`)
}
