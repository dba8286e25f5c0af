import type { AddressRange } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import { AlertBodies, encodeJson } from '@tocsin/protocol'
import type { Store } from '@tocsin/store'
import { readAlertFilter, readAlertPage } from '../filters/alert-filter.ts'
import { type Answer, json, probe, rawJson, refusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import type { AlertIntake } from '../ingest/alert-intake.ts'
import { alertReply } from './alert-reply.ts'
import { type Handlers, machineOf } from './handler.ts'
import { readCallBody } from './read-call-body.ts'
import { isTrustedCaller } from './trusted-caller.ts'

interface AlertRoutesDeps {
  readonly store: Store
  readonly clock: Clock
  readonly intake: AlertIntake
  readonly trustedIps: readonly AddressRange[]
}

/** Alerts: taking them in, showing and deleting them. */
export function alertRoutes(deps: AlertRoutesDeps): Handlers {
  const { store, clock, intake, trustedIps } = deps
  const admin = (call: Call): void => {
    if (isTrustedCaller(call, trustedIps)) return
    throw refusal(403, `access forbidden from this IP (${call.ip})`)
  }
  const list = async (call: Call): Promise<Answer> => {
    const filter = readAlertFilter(call.query, clock.nowMs())
    const page = readAlertPage(call.query)
    const rows = await store.alerts.query(filter, page)
    if (call.isHead) return probe(200)
    if (rows.length === 0) return rawJson(200, 'null')
    const nowMs = clock.nowMs()
    return rawJson(200, encodeJson(rows.map((row) => alertReply(row, nowMs, page.withDecisions))))
  }
  const one = async (call: Call): Promise<Answer> => {
    const row = await store.alerts.get(readId(call, 'alert_id'))
    if (!row) throw refusal(404, 'object not found')
    return call.isHead ? probe(200) : json(200, alertReply(row, clock.nowMs()))
  }
  return {
    addAlerts: async (call, identity) => {
      const bodies = readCallBody(AlertBodies, call, 400)
      const { ids } = await intake.add(bodies, machineOf(identity).machineId)
      return json(201, ids)
    },
    alerts: list,
    probeAlerts: list,
    alert: one,
    probeAlert: one,
    deleteAlerts: async (call) => {
      admin(call)
      const filter = readAlertFilter(call.query, clock.nowMs())
      return json(200, { nbDeleted: String(await store.alerts.delete(filter)) })
    },
    deleteAlert: async (call) => {
      admin(call)
      const count = await store.alerts.delete({ id: readId(call, 'alert_id') })
      if (count === 0) throw refusal(404, 'alert not found')
      return json(200, { nbDeleted: String(count) })
    },
  }
}

/** A whole number out of the path. @throws {Refusal} 400. */
export function readId(call: Call, name: string): number {
  const text = call.params[name] ?? ''
  const id = Number(text)
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(id)) return id
  throw refusal(400, `${name} must be valid integer`)
}
