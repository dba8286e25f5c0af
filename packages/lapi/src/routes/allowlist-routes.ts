import {
  type AllowlistItemReply,
  type AllowlistReply,
  BulkCheckBody,
  formatMilliseconds,
  noTime,
} from '@tocsin/protocol'
import type { Allowlist, AllowlistItem, AllowlistMatch, AllowlistStore } from '@tocsin/store'
import { formatMatch, type Guard } from '../guard/guard.ts'
import { type Answer, json, probe, refusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import type { Handlers } from './handler.ts'
import { readCallBody } from './read-call-body.ts'

/** Allowlists: showing them, and asking whether somebody is on one. */
export function allowlistRoutes(store: AllowlistStore, guard: Guard): Handlers {
  const check = (target: string): AllowlistMatch[] => {
    const matches = guard.check(target)
    if (!matches) throw refusal(400, `invalid ip address '${target}'`)
    return matches
  }
  return {
    allowlists: (call) =>
      json(
        200,
        store.list().map((list) => listReply(list, withItems(call))),
      ),
    allowlist: (call) => {
      const name = call.params.allowlist_name ?? ''
      const list = store.get(name)
      if (!list) throw refusal(404, `allowlist '${name}' not found`)
      return json(200, listReply(list, withItems(call)))
    },
    checkAllowlists: (call) => {
      const matches = check(call.params.ip_or_range ?? '')
      if (matches.length === 0) return json(200, {})
      return json(200, { allowlisted: true, reason: matches.map(formatMatch).join(', ') })
    },
    probeAllowlists: (call) => {
      return probe(check(call.params.ip_or_range ?? '').length > 0 ? 200 : 204)
    },
    checkAllowlistsInBulk: (call) => checkInBulk(call, check),
  }
}

function checkInBulk(call: Call, check: (target: string) => AllowlistMatch[]): Answer {
  const { targets = [] } = readCallBody(BulkCheckBody, call, 400)
  if (targets.length === 0) throw refusal(400, 'targets list cannot be empty')
  const results = targets
    .map((target) => ({ allowlists: check(target).map(formatMatch), target }))
    .filter(({ allowlists }) => allowlists.length > 0)
  return json(200, { results })
}

function withItems(call: Call): boolean {
  return call.query.text('with_content') === 'true'
}

function listReply(list: Allowlist, hasItems: boolean): AllowlistReply {
  return {
    allowlist_id: list.allowlistId,
    ...(list.isFromConsole && { console_managed: true }),
    created_at: formatMilliseconds(list.createdMs),
    ...(list.description !== '' && { description: list.description }),
    items: hasItems ? list.items.map(itemReply) : [],
    name: list.name,
    updated_at: formatMilliseconds(list.updatedMs),
  }
}

function itemReply(item: AllowlistItem): AllowlistItemReply {
  return {
    created_at: formatMilliseconds(item.createdMs),
    ...(item.comment !== '' && { description: item.comment }),
    expiration: item.expiresMs === undefined ? noTime : formatMilliseconds(item.expiresMs),
    value: item.value,
  }
}
