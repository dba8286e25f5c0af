import { LapiClient } from '@tocsin/client'
import type { LocalApi } from './local-api.ts'

/** A machine of the test itself, to decide things by hand. */
export async function createMachine(api: LocalApi): Promise<LapiClient> {
  const credentials = { kind: 'password', machineId: 'operator', password: 'by-hand' } as const
  await api.addMachine(credentials.machineId, credentials.password)
  return new LapiClient({ urls: [api.socket], userAgent: 'tocsin-system/v0.1.0', credentials })
}
