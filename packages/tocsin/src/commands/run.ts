import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '@tocsin/config'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { createDetection, type Detection } from '@tocsin/engine'
import { type RuleItem, readInstalled } from '@tocsin/hub'
import { DecisionHistory } from '@tocsin/lapi'
import { systemClock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { Command } from 'commander'
import { blockLocally } from '../bouncer/block-locally.ts'
import { chooseSources, type WatchOptions } from '../daemon/choose-sources.ts'
import { Daemon } from '../daemon/daemon.ts'
import { notifySystemd } from '../daemon/notify-systemd.ts'
import { formatStatus } from '../daemon/status-text.ts'
import { loadProfiles } from '../lapi/load-profiles.ts'
import { addStateOptions, openConfig, type StateOptions } from '../lapi/state-options.ts'
import { openConfiguredStore } from '../lapi/store-settings.ts'
import { streamLog } from '../lapi/stream-log.ts'
import { watchForAlarms } from '../notifications/alarm-watch.ts'
import { notifyStored, openNotifier } from '../notifications/load-notifications.ts'
import { chooseData, chooseRules, type RuleOptions } from '../rules/rule-options.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { createStyle } from '../terminal/style.ts'

interface RunOptions
  extends StateOptions,
    WatchOptions,
    Pick<RuleOptions, 'hub' | 'collection' | 'rules' | 'data'> {
  readonly listen?: string
  readonly block?: boolean
}

const collect = (value: string, list: readonly string[] = []): string[] => [...list, value]

/** `tocsin run` */
export function runCommand(streams: Streams): Command {
  const command = new Command('run')
    .description("watch this machine's logs, decide, and serve decisions to bouncers")
    .option('--watch <path:type>', 'watch this log instead of those found (repeatable)', collect)
    .option('--listen <address>', 'where bouncers reach us: 127.0.0.1:8080')
    .option('--block', 'keep out who is banned, with the firewall of this machine')
    .option('--hub <dir>', 'take the rules of a hub tree instead of our own')
    .option('--collection <name>', 'of the hub, only this collection (repeatable)', collect)
    .option('--rules <path>', 'add a rule file or a folder of them (repeatable)', collect)
    .option('--data <dir>', 'where data files of rules are (repeatable)', collect)
  return addStateOptions(command).action(async (options: RunOptions) => {
    await run(openConfig(options, streams), options, streams)
  })
}

async function run(config: Config, options: RunOptions, streams: Streams): Promise<void> {
  if (!config.server) throw new CommandError(`${config.file}: api.server is missing or not enabled`)
  const log = streamLog(streams.stderr, systemClock, {
    level: 'info',
    format: config.common.logFormat,
  })
  const stateDirectory = config.paths.dataDir
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const rules = loadRules(config, options)
  if (rules.detection.rules.parsers.nodes.length === 0) {
    throw new CommandError('no parser could be loaded, so no line would mean anything')
  }
  tellProblems(rules.problems, log)
  const chosen = await chooseSources(config, options, rules.detection.functions, log)
  await using store = await openConfiguredStore(config, log)
  const history = new DecisionHistory(store, systemClock)
  const profiles = loadProfiles(config, { clock: systemClock, log, decisions: history }, streams)
  await using notifier = openNotifier(config, profiles, log, streams)
  const listenUri = options.listen ?? config.server.listenUri
  await using daemon = await Daemon.start({
    stateDirectory,
    server: { ...config.server, listenUri },
    store,
    history,
    profiles,
    detection: rules.detection,
    ruleProblems: rules.problems.list.length,
    sources: chosen.sources,
    log,
    sshConnection: streams.env.SSH_CONNECTION,
    tokenSecret: streams.env.CS_LAPI_SECRET,
    onStored: (alerts) => notifyStored(notifier, alerts),
    reloadRules: () => reloadRules(config, options, log),
  }).catch((error: unknown) => {
    throw new CommandError(`cannot start: ${error instanceof Error ? error.message : error}`)
  })
  await using _blocking = options.block
    ? await blockLocally({ store, stateDirectory, log, streams }).catch((error: unknown) => {
        throw new CommandError(`cannot block: ${error instanceof Error ? error.message : error}`)
      })
    : undefined
  const status = formatStatus(daemon.status(), Date.now(), createStyle(streams.stdout, streams.env))
  await writeText(streams.stdout, `${status}${chosen.notes.map((note) => `${note}\n`).join('')}`)
  await notifySystemd('READY=1', streams.env, log)
  using _alarms = watchForAlarms(notifier, () => daemon.status(), systemClock)
  const reload = () => daemon.reload()
  process.on('SIGHUP', reload)
  await untilStopped()
  process.removeListener('SIGHUP', reload)
  log.info({}, 'stopping')
  await notifySystemd('STOPPING=1', streams.env, log)
}

interface LoadedRules {
  readonly detection: Detection
  readonly problems: Problems
}

function loadRules(config: Config, options: RunOptions): LoadedRules {
  const problems = new Problems()
  const items = ruleItems(config, options, problems)
  const own = withoutConfig(options)
  const data = chooseData({ ...own, data: [...(own.data ?? []), config.paths.dataDir] })
  const detection = createDetection(items, { clock: systemClock, ...data }, problems)
  return { detection, problems }
}

/** What is installed in the configuration directory; our own rules where nothing is. */
function ruleItems(config: Config, options: RunOptions, problems: Problems): readonly RuleItem[] {
  const { configDir } = config.paths
  const isInstalled = config.file !== undefined && existsSync(join(configDir, 'parsers'))
  if (isInstalled && options.hub === undefined && options.rules === undefined) {
    return readInstalled(configDir, problems)
  }
  return chooseRules(withoutConfig(options), problems)
}

/** Here `-c` is the daemon's file; to the rules it would be a directory of them. */
function withoutConfig({ config: _, ...options }: RunOptions): RuleOptions {
  return options
}

function reloadRules(config: Config, options: RunOptions, log: Log) {
  const { detection, problems } = loadRules(config, options)
  if (problems.errorCount > 0) {
    tellProblems(problems, log)
    log.error({ errors: problems.errorCount }, 'the new rules have errors, the old ones stay')
    return undefined
  }
  return { detection, problems: problems.list.length }
}

function tellProblems(problems: Problems, log: Log): void {
  for (const problem of problems.list) {
    const text = formatProblem(problem)
    if (problem.severity === 'error') log.error({ problem: text }, 'rule is left out')
    else log.debug({ problem: text }, 'rule has a defect')
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
