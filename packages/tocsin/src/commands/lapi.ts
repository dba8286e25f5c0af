import type { Config, ServerConfig } from '@tocsin/config'
import { DecisionHistory, readOwnAddresses, startLapi } from '@tocsin/lapi'
import { systemClock } from '@tocsin/model'
import { openApiDocument } from '@tocsin/protocol'
import { Command, Option } from 'commander'
import { loadProfiles } from '../lapi/load-profiles.ts'
import { serveMetrics } from '../lapi/metrics-server.ts'
import { addStateOptions, openConfig, type StateOptions } from '../lapi/state-options.ts'
import { openConfiguredStore } from '../lapi/store-settings.ts'
import { streamLog } from '../lapi/stream-log.ts'
import { notifyStored, openNotifier } from '../notifications/load-notifications.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { readVersion } from '../version.ts'

interface LapiOptions extends StateOptions {
  readonly listen?: string
  readonly socket?: string
  readonly logLevel?: 'error' | 'warn' | 'info' | 'debug'
  readonly openapi?: boolean
}

/** `tocsin lapi` */
export function lapiCommand(streams: Streams): Command {
  const command = new Command('lapi')
    .description('run the Local API: machines send alerts, bouncers fetch decisions')
    .option('--listen <address>', 'where to listen: 127.0.0.1:8080; port 0 for any that is free')
    .option('--socket <path>', 'a Unix socket to listen at, too')
    .addOption(
      new Option('--log-level <level>', 'how much is told').choices([
        'error',
        'warn',
        'info',
        'debug',
      ]),
    )
    .option('--openapi', 'print the OpenAPI document instead')
  return addStateOptions(command).action(async (options: LapiOptions) => {
    if (options.openapi) {
      const document = JSON.stringify(openApiDocument(readVersion()), undefined, 2)
      await writeText(streams.stdout, `${document}\n`)
      return
    }
    await runLapi(openConfig(options, streams), options, streams)
  })
}

/** Runs until a signal says to stop. */
async function runLapi(config: Config, options: LapiOptions, streams: Streams): Promise<void> {
  const server = serverOf(config, options)
  const level = options.logLevel ?? levelOf(server.logLevel)
  const log = streamLog(streams.stderr, systemClock, { level, format: config.common.logFormat })
  const clock = systemClock
  await using store = await openConfiguredStore(config, log)
  const history = new DecisionHistory(store, clock)
  const secret = streams.env.CS_LAPI_SECRET
  const prometheus = config.prometheus
  const profiles = loadProfiles(config, { clock, log, decisions: history }, streams)
  await using notifier = openNotifier(config, profiles, log, streams)
  await using lapi = await startLapi(
    {
      server,
      version: readVersion(),
      metricsLevel: prometheus.isEnabled ? prometheus.level : 'aggregated',
      ...(secret !== undefined && { tokenSecret: secret }),
    },
    {
      store,
      clock,
      log,
      history,
      profiles,
      ownAddresses: () => readOwnAddresses(streams.env.SSH_CONNECTION),
      onStored: (alerts) => notifyStored(notifier, alerts),
    },
  ).catch((error: unknown) => {
    throw new CommandError(`cannot start: ${error instanceof Error ? error.message : error}`)
  })
  await using metricsServer = prometheus.isEnabled
    ? await serveMetrics(lapi.metrics, {
        host: prometheus.listenAddress,
        port: prometheus.listenPort,
      })
    : undefined
  const shown = [...lapi.addresses, ...(metricsServer ? [metricsServer.address] : [])]
  await writeText(streams.stdout, `listening on ${shown.join(', ')}\n`)
  await untilStopped()
  log.info({}, 'stopping')
}

function serverOf(config: Config, options: LapiOptions): ServerConfig {
  if (!config.server) {
    throw new CommandError(`${config.file}: api.server is missing or not enabled`)
  }
  return {
    ...config.server,
    ...(options.listen !== undefined && { listenUri: options.listen }),
    ...(options.socket !== undefined && { listenSocket: options.socket }),
  }
}

function levelOf(level: ServerConfig['logLevel']): 'error' | 'warn' | 'info' | 'debug' {
  switch (level) {
    case 'panic':
    case 'fatal':
    case 'error':
      return 'error'
    case 'warning':
      return 'warn'
    case 'info':
      return 'info'
    case 'debug':
    case 'trace':
      return 'debug'
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.removeListener('SIGINT', stop)
      process.removeListener('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
