import { createApiKey, hashApiKey } from '@tocsin/lapi'
import { type Bouncer, StoreError } from '@tocsin/store'
import { Command } from 'commander'
import {
  type AdminContext,
  type AdminOptions,
  addAdminOptions,
  withStore,
} from '../admin/admin-command.ts'
import { counted, isoTime, printListing } from '../admin/print.ts'
import { formatSpan } from '../terminal/numbers.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'

interface AddOptions extends AdminOptions {
  readonly key?: string
}

interface DeleteOptions extends AdminOptions {
  readonly ignoreMissing?: boolean
}

/** `tocsin bouncers …` */
export function bouncersCommand(streams: Streams): Command {
  const bouncers = new Command('bouncers').description('who enforces decisions')
  const add = new Command('add')
    .description('make a bouncer; its key is shown once')
    .argument('<name>')
    .option('-k, --key <key>', 'its key, instead of a new one')
  bouncers.addCommand(
    addAdminOptions(add).action((name: string, options: AddOptions) =>
      withStore(options, streams, (context) => addBouncer(name, options, context)),
    ),
  )
  const list = new Command('list').description('every bouncer')
  bouncers.addCommand(
    addAdminOptions(list).action((options: AdminOptions) =>
      withStore(options, streams, listBouncers),
    ),
  )
  const remove = new Command('delete')
    .description('delete bouncers; their keys stop working at once')
    .argument('<name...>')
    .option('--ignore-missing', 'a bouncer that is not there is no error')
  bouncers.addCommand(
    addAdminOptions(remove).action((names: string[], options: DeleteOptions) =>
      withStore(options, streams, (context) => deleteBouncers(names, options, context)),
    ),
  )
  return bouncers
}

async function addBouncer(
  name: string,
  options: AddOptions,
  { store, streams, output }: AdminContext,
): Promise<void> {
  const key = options.key ?? createApiKey()
  if (key === '') throw new CommandError('the key is empty')
  try {
    await store.bouncers.add({
      name,
      keyHash: hashApiKey(key),
      ipAddress: '',
      authType: 'api-key',
      isAutoCreated: false,
    })
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'TOC_STORE_EXISTS') throw error
    throw new CommandError(`bouncer ${name} already exists`)
  }
  const text: Readonly<Record<typeof output, string>> = {
    raw: key,
    json: `${JSON.stringify(key)}\n`,
    human: `API key for '${name}':\n\n   ${key}\n\nPlease keep this key since you will not be able to retrieve it!\n`,
  }
  await writeText(streams.stdout, text[output])
}

async function listBouncers(context: AdminContext): Promise<void> {
  const bouncers = context.store.bouncers.list()
  await printListing(
    {
      columns: ['name', 'address', 'valid', 'last pull', 'type', 'version', 'auth'].map(
        (title) => ({ title }),
      ),
      rows: bouncers.map((bouncer) => [
        bouncer.name,
        bouncer.ipAddress,
        bouncer.isRevoked ? 'no' : 'yes',
        bouncer.lastPullMs === undefined
          ? 'never'
          : `${formatSpan(Math.max(0, context.nowMs - bouncer.lastPullMs))} ago`,
        bouncer.type,
        bouncer.version,
        bouncer.authType,
      ]),
      summary:
        bouncers.length === 0
          ? '0 bouncers: nothing is blocked until you run tocsin bouncers add NAME'
          : counted(bouncers.length, 'bouncer'),
      rawHeader: ['name', 'ip', 'revoked', 'last_pull', 'type', 'version', 'auth_type'],
      rawRows: bouncers.map((bouncer) => [
        bouncer.name,
        bouncer.ipAddress,
        bouncer.isRevoked ? 'pending' : 'validated',
        isoTime(bouncer.lastPullMs),
        bouncer.type,
        bouncer.version,
        bouncer.authType,
      ]),
      json: bouncers.map(bouncerJson),
    },
    context,
  )
}

function bouncerJson(bouncer: Bouncer): Readonly<Record<string, unknown>> {
  return {
    created_at: isoTime(bouncer.createdMs),
    updated_at: isoTime(bouncer.updatedMs),
    name: bouncer.name,
    revoked: bouncer.isRevoked,
    ip_address: bouncer.ipAddress,
    type: bouncer.type,
    version: bouncer.version,
    last_pull: bouncer.lastPullMs === undefined ? null : isoTime(bouncer.lastPullMs),
    auth_type: bouncer.authType,
    os: bouncer.osName === '' ? '?' : `${bouncer.osName}/${bouncer.osVersion}`,
    featureflags: bouncer.featureFlags,
    auto_created: bouncer.isAutoCreated,
  }
}

async function deleteBouncers(
  names: readonly string[],
  options: DeleteOptions,
  { store, streams }: AdminContext,
): Promise<void> {
  const missing: string[] = []
  for (const name of names) {
    const bouncer = store.bouncers.find(name)
    if (!bouncer) {
      missing.push(name)
      continue
    }
    if (bouncer.isAutoCreated && bouncer.authType === 'api-key') {
      const parent = name.slice(0, name.lastIndexOf('@'))
      const reason = `'${name}' was created for another address of '${parent}': delete that one`
      await writeText(streams.stderr, `${reason}\n`)
      continue
    }
    // Those made for other addresses hold the same key.
    const children = store.bouncers
      .findByKey(bouncer.keyHash)
      .filter((row) => row.isAutoCreated && row.name !== name)
    for (const child of children) await store.bouncers.delete(child.name)
    await store.bouncers.delete(name)
    await writeText(streams.stderr, `bouncer '${name}' deleted successfully\n`)
  }
  if (missing.length === 0 || options.ignoreMissing) return
  throw new CommandError(`no such bouncer: ${missing.join(', ')}`)
}
