import { readFileSync } from 'node:fs'
import { parseAddressOrRange } from '@tocsin/address'
import { formatMatch } from '@tocsin/lapi'
import { formatMilliseconds, noTime } from '@tocsin/protocol'
import { type Allowlist, type NewAllowlistItem, type Store, StoreError } from '@tocsin/store'
import { Command } from 'commander'
import {
  type AdminContext,
  type AdminOptions,
  addAdminOptions,
  withStore,
} from '../admin/admin-command.ts'
import { durationMs } from '../admin/alert-options.ts'
import { guardOf } from '../admin/guard-of.ts'
import { counted, isoTime, printListing } from '../admin/print.ts'
import { readAllowlistRows } from '../admin/read-allowlist-rows.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'

interface CreateOptions extends AdminOptions {
  readonly description: string
}

interface AddOptions extends AdminOptions {
  readonly expiration?: string
  readonly comment?: string
}

interface ImportOptions extends AdminOptions {
  readonly input: string
}

/** `tocsin allowlists …` */
export function allowlistsCommand(streams: Streams): Command {
  const allowlists = new Command('allowlists').description('whom never to act upon')
  const create = new Command('create')
    .description('make a list')
    .argument('<name>')
    .requiredOption('-d, --description <text>', 'what it is for')
  allowlists.addCommand(
    addAdminOptions(create).action((name: string, options: CreateOptions) =>
      withStore(options, streams, (context) => createList(name, options, context)),
    ),
  )
  const remove = new Command('delete').description('delete a list').argument('<name>')
  allowlists.addCommand(
    addAdminOptions(remove).action((name: string, options: AdminOptions) =>
      withStore(options, streams, async ({ store }) => {
        editable(store, name)
        await store.allowlists.delete(name)
        await writeText(streams.stdout, `allowlist '${name}' deleted successfully\n`)
      }),
    ),
  )
  const add = new Command('add')
    .description('add addresses, ranges or names; decisions against them end')
    .argument('<name>')
    .argument('<value...>')
    .option('-e, --expiration <duration>', 'for so long: 12h, 30d')
    .option('-d, --comment <text>', 'why')
  allowlists.addCommand(
    addAdminOptions(add).action((name: string, values: string[], options: AddOptions) =>
      withStore(options, streams, (context) => {
        const expiresMs =
          options.expiration === undefined
            ? undefined
            : context.nowMs + durationMs(options.expiration)
        const items = values.map((value) => ({
          value,
          ...(options.comment !== undefined && { comment: options.comment }),
          ...(expiresMs !== undefined && { expiresMs }),
        }))
        return addItems(name, items, context)
      }),
    ),
  )
  const removeItems = new Command('remove')
    .description('remove entries, as they are written')
    .argument('<name>')
    .argument('<value...>')
  allowlists.addCommand(
    addAdminOptions(removeItems).action((name: string, values: string[], options: AdminOptions) =>
      withStore(options, streams, async ({ store }) => {
        editable(store, name)
        const count = await store.allowlists.removeItems(name, values)
        const text =
          count === 0
            ? 'no value to remove from allowlist\n'
            : `removed ${count} values from allowlist ${name}\n`
        await writeText(streams.stdout, text)
      }),
    ),
  )
  const load = new Command('import')
    .description('add the entries of a CSV file: value, expiration, comment')
    .argument('<name>')
    .requiredOption('-i, --input <file>', '- for standard input')
  allowlists.addCommand(
    addAdminOptions(load).action((name: string, options: ImportOptions) =>
      withStore(options, streams, async (context) => {
        const text = await readInput(options.input, streams)
        await addItems(name, readAllowlistRows(text, context.nowMs), context)
      }),
    ),
  )
  addReaders(allowlists, streams)
  return allowlists
}

function addReaders(allowlists: Command, streams: Streams): void {
  const list = new Command('list').description('every list')
  allowlists.addCommand(
    addAdminOptions(list).action((options: AdminOptions) =>
      withStore(options, streams, printLists),
    ),
  )
  const inspect = new Command('inspect').description('the entries of a list').argument('<name>')
  allowlists.addCommand(
    addAdminOptions(inspect).action((name: string, options: AdminOptions) =>
      withStore(options, streams, (context) => printItems(name, context)),
    ),
  )
  const check = new Command('check')
    .description('whether an address or range is on a list, and why')
    .argument('<value...>')
  allowlists.addCommand(
    addAdminOptions(check).action((values: string[], options: AdminOptions) =>
      withStore(options, streams, async (context) => {
        const guard = await guardOf(context)
        for (const value of values) {
          const matches = guard.check(value)
          if (!matches) throw new CommandError(`invalid ip address '${value}'`)
          const reason = matches.map((match) => `item ${formatMatch(match)}`).join(', ')
          const verdict = matches.length === 0 ? 'not allowlisted' : `allowlisted by ${reason}`
          await writeText(streams.stdout, `${value} is ${verdict}\n`)
        }
      }),
    ),
  )
}

async function createList(name: string, options: CreateOptions, context: AdminContext) {
  try {
    await context.store.allowlists.create({ name, description: options.description })
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'TOC_STORE_EXISTS') throw error
    throw new CommandError(`allowlist '${name}' already exists`)
  }
  await writeText(context.streams.stdout, `allowlist '${name}' created successfully\n`)
}

/** A list that may be changed here. @throws {CommandError} */
function editable(store: Store, name: string): Allowlist {
  const list = store.allowlists.get(name)
  if (!list) throw new CommandError(`allowlist '${name}' not found`)
  if (list.isFromConsole) throw new CommandError(`allowlist ${name} is managed by the console`)
  return list
}

const hostName =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?$/i

async function addItems(
  name: string,
  items: readonly NewAllowlistItem[],
  { store, streams }: AdminContext,
): Promise<void> {
  const known = new Set(editable(store, name).items.map(({ value }) => value))
  const invalid = items.filter(({ value }) => !parseAddressOrRange(value) && !hostName.test(value))
  if (invalid.length > 0) {
    const values = invalid.map(({ value }) => `'${value}'`).join(', ')
    throw new CommandError(`neither an address, nor a range, nor a name: ${values}`)
  }
  for (const { value } of items.filter((item) => known.has(item.value))) {
    await writeText(streams.stderr, `value ${value} already in allowlist\n`)
  }
  const count = await store.allowlists.addItems(name, items)
  if (count === 0) {
    await writeText(streams.stdout, 'no new values for allowlist\n')
    return
  }
  await writeText(streams.stdout, `added ${count} values to allowlist ${name}\n`)
  let ended = 0
  for (const { value } of items) {
    const range = parseAddressOrRange(value)?.unmapped()
    if (!range) continue
    ended += (await store.decisions.expire({ range, rangeMatch: 'overlapping' })).count
  }
  if (ended > 0) await writeText(streams.stdout, `${ended} decisions deleted by allowlists\n`)
}

async function readInput(path: string, streams: Streams): Promise<string> {
  if (path !== '-') {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw new CommandError(error instanceof Error ? error.message : String(error))
    }
  }
  let text = ''
  for await (const chunk of streams.stdin) text += chunk
  return text
}

async function printLists(context: AdminContext): Promise<void> {
  const lists = context.store.allowlists.list()
  await printListing(
    {
      columns: ['name', 'description', 'created', 'updated', 'console', 'size'].map((title) => ({
        title,
      })),
      rows: lists.map((list) => [
        list.name,
        list.description,
        isoTime(list.createdMs),
        isoTime(list.updatedMs),
        list.isFromConsole ? 'yes' : 'no',
        String(list.items.length),
      ]),
      summary: counted(lists.length, 'allowlist'),
      rawHeader: ['name', 'description', 'created_at', 'updated_at', 'console_managed', 'size'],
      rawRows: lists.map((list) => [
        list.name,
        list.description,
        isoTime(list.createdMs),
        isoTime(list.updatedMs),
        String(list.isFromConsole),
        String(list.items.length),
      ]),
      json: lists.map(listJson),
    },
    context,
  )
}

async function printItems(name: string, context: AdminContext): Promise<void> {
  const list = context.store.allowlists.get(name)
  if (!list) throw new CommandError(`allowlist '${name}' not found`)
  if (context.output === 'json') {
    await writeText(context.streams.stdout, `${JSON.stringify(listJson(list))}\n`)
    return
  }
  const expiry = (ms: number | undefined): string => (ms === undefined ? 'never' : isoTime(ms))
  await printListing(
    {
      columns: ['value', 'comment', 'expiration', 'created'].map((title) => ({ title })),
      rows: list.items.map((item) => [
        item.value,
        item.comment,
        expiry(item.expiresMs),
        isoTime(item.createdMs),
      ]),
      summary: `${list.name}: ${list.description} (${counted(list.items.length, 'entry').replace('entrys', 'entries')})`,
      rawHeader: [
        'name',
        'description',
        'value',
        'comment',
        'expiration',
        'created_at',
        'console_managed',
      ],
      rawRows: list.items.map((item) => [
        list.name,
        list.description,
        item.value,
        item.comment,
        expiry(item.expiresMs),
        isoTime(item.createdMs),
        String(list.isFromConsole),
      ]),
      json: [],
    },
    context,
  )
}

function listJson(list: Allowlist): Readonly<Record<string, unknown>> {
  return {
    ...(list.isFromConsole && { console_managed: true }),
    created_at: formatMilliseconds(list.createdMs),
    description: list.description,
    items: list.items.map((item) => ({
      created_at: formatMilliseconds(item.createdMs),
      ...(item.comment !== '' && { description: item.comment }),
      expiration: item.expiresMs === undefined ? noTime : formatMilliseconds(item.expiresMs),
      value: item.value,
    })),
    name: list.name,
    updated_at: formatMilliseconds(list.updatedMs),
  }
}
