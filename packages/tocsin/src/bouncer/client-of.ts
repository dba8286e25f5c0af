import { readFileSync } from 'node:fs'
import { BouncerClient, ClientError, type TlsMaterial } from '@tocsin/client'
import type { Log } from '@tocsin/telemetry'
import { CommandError } from '../terminal/streams.ts'
import { readVersion } from '../version.ts'
import type { FeedSettings } from './firewall-settings.ts'

/**
 * A client for these settings.
 * @param kind `firewall`: servers read it from the user agent, `crowdsec-firewall-bouncer/v1.0.0`.
 * @throws {CommandError} When they cannot work.
 */
export function clientOf(settings: FeedSettings, kind: string, log: Log): BouncerClient {
  const { urls, apiKey } = settings
  const tls = tlsOf(settings)
  try {
    return new BouncerClient({
      urls,
      userAgent: `crowdsec-${kind}-bouncer/v${readVersion()}-tocsin`,
      log,
      ...(apiKey !== undefined && { apiKey }),
      ...(tls && { tls }),
    })
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new CommandError(`${error.message}: make a key with tocsin bouncers add NAME`, 2)
  }
}

function tlsOf(settings: FeedSettings): TlsMaterial | undefined {
  const { caCertPath, certPath, keyPath, acceptsAnyServer } = settings
  if (!caCertPath && !certPath && !keyPath && !acceptsAnyServer) return undefined
  return {
    ...(caCertPath && { ca: readText(caCertPath) }),
    ...(certPath && { cert: readText(certPath) }),
    ...(keyPath && { key: readText(keyPath) }),
    ...(acceptsAnyServer && { acceptsAnyServer }),
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${error instanceof Error ? error.message : error}`)
  }
}
