import type { Ledger } from './ledger.ts'
import { endsKeptMs } from './memory/decision-memory.ts'
import { targetOfRow } from './memory/target.ts'
import type { Queries } from './sql/database.ts'

/** Rows read at once: enough to be fast, few enough to be forgotten soon. */
const perPage = 1_000
/** As many changes are put back into the log. */
const changesLoaded = 200_000

/** How many decisions the memory must hold. */
export async function countLoadable(queries: Queries, nowMs: number): Promise<number> {
  const row = await queries
    .selectFrom('decisions')
    .select((of) => of.fn.countAll().as('count'))
    .where('until_ms', '>', nowMs - endsKeptMs)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Fills the memory from SQL; what others write meanwhile comes with the next `follow`. */
export async function loadDecisions(ledger: Ledger, nowMs: number): Promise<void> {
  const { memory, database } = ledger
  const queries = database.reader
  const { seq } = await queries.selectFrom('state').select('seq').executeTakeFirstOrThrow()
  await ledger.readKinds(queries)
  const floor = await changeFloor(queries)
  const changed: [seq: number, id: number][] = []
  const ended: [untilMs: number, id: number][] = []
  for (let afterId = 0; ; ) {
    const rows = await queries
      .selectFrom('decisions')
      .select(['id', 'kind', 'until_ms', 'told_ms', 'seq', 'uuid', 'value'])
      .where('id', '>', afterId)
      .where('until_ms', '>', nowMs - endsKeptMs)
      .orderBy('id')
      .limit(perPage)
      .execute()
    for (const row of rows) {
      const { id, until_ms: untilMs, value } = row
      // Another process may have added one since.
      if (!memory.kinds.byId[row.kind]) await ledger.readKinds(queries)
      const target = targetOfRow(memory.kinds.get(row.kind).scope, value)
      const toldMs = row.told_ms ?? untilMs
      const change = { id, kind: row.kind, untilMs, toldMs, uuid: row.uuid ?? '', target }
      if (!memory.load(change, nowMs)) continue
      if (row.seq > floor) changed.push([row.seq, id])
      if (untilMs <= nowMs) ended.push([untilMs, id])
    }
    const last = rows.at(-1)
    if (!last || rows.length < perPage) break
    afterId = last.id
  }
  changed.sort(([a], [b]) => a - b)
  ended.sort(([a], [b]) => a - b)
  for (const [mark, id] of changed) memory.changes.push(mark, id)
  for (const [mark, id] of ended) memory.ends.push(mark, id)
  memory.finishLoad(seq, floor)
}

/** The change number up to which changes are not worth remembering. */
async function changeFloor(queries: Queries): Promise<number> {
  const row = await queries
    .selectFrom('decisions')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .offset(changesLoaded)
    .executeTakeFirst()
  return row?.seq ?? 0
}
