import {
  encodeJson,
  type LogProcessor,
  type RemediationComponent,
  UsageMetricsBody,
} from '@tocsin/protocol'
import type { Bouncer, Machine, Store, SystemInfo } from '@tocsin/store'
import { type Answer, empty, refusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import type { Handlers } from './handler.ts'
import { readCallBody } from './read-call-body.ts'

/** What machines and bouncers tell about themselves and have counted. */
export function usageRoutes(store: Store): Handlers {
  return {
    usageMetrics: async (call, identity): Promise<Answer> => {
      const body = readUsage(call)
      if (identity.kind === 'machine') {
        const component = only(body.log_processors, 'log processor')
        await storeMachine(store, identity.machine, component)
      } else if (identity.kind === 'bouncer') {
        const component = only(body.remediation_components, 'remediation component')
        await storeBouncer(store, identity.bouncer, component)
      }
      return empty(201)
    },
  }
}

function readUsage(call: Call): UsageMetricsBody {
  return readCallBody(UsageMetricsBody, call, 422)
}

/** @throws {Refusal} 400 unless there is exactly one. */
function only<T>(components: readonly T[] | undefined, name: string): T {
  const [first, second] = components ?? []
  if (!first) throw refusal(400, `Missing ${name} data`)
  if (second) throw refusal(400, `Payload has more than one ${name}`)
  return first
}

async function storeMachine(store: Store, machine: Machine, usage: LogProcessor): Promise<void> {
  const hubState = Object.entries(usage.hub_items).map(([type, items]) => {
    const states = items.map(({ name = '', status = '', version = '' }) => ({
      name,
      status,
      version,
    }))
    return [type, states] as const
  })
  await store.machines.updateUsage(machine.machineId, {
    ...systemOf(usage),
    hubState: Object.fromEntries(hubState),
    datasources: usage.datasources,
  })
  const payload = encodeJson({ metrics: usage.metrics ?? [] })
  await store.metrics.insert({ source: 'LP', by: machine.machineId, payload })
}

async function storeBouncer(
  store: Store,
  bouncer: Bouncer,
  usage: RemediationComponent,
): Promise<void> {
  await store.bouncers.updateUsage(bouncer.name, systemOf(usage))
  const payload = encodeJson({ metrics: usage.metrics ?? [], type: bouncer.type })
  await store.metrics.insert({ source: 'RC', by: bouncer.name, payload })
}

function systemOf({ version, os, feature_flags }: LogProcessor | RemediationComponent): SystemInfo {
  return {
    version,
    osName: os?.name ?? '',
    osVersion: os?.version ?? '',
    osFamily: os?.family ?? '',
    featureFlags: feature_flags ?? [],
  }
}
