import { EnforcerError, isInStep, type Verification } from '@tocsin/bouncer'
import { defaultStateDirectory } from '@tocsin/config'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { parseDurationWithDays } from '@tocsin/model'
import { Command, InvalidArgumentError, Option } from 'commander'
import { createEnforcer } from '../bouncer/create-enforcer.ts'
import {
  defaultFirewallSettings,
  type FirewallMode,
  type FirewallSettings,
  firewallModes,
  readRanges,
} from '../bouncer/firewall-settings.ts'
import { readFirewallConfig } from '../bouncer/read-firewall-config.ts'
import { firewallPaths, runFirewall } from '../bouncer/run-firewall.ts'
import { askDaemon, NotRunningError } from '../daemon/control-client.ts'
import { formatCount } from '../terminal/numbers.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'

interface FirewallOptions {
  readonly config?: string
  readonly lapiUrl?: string[]
  readonly key?: string
  readonly mode?: FirewallMode
  readonly dryRun?: boolean
  readonly allow?: string[]
  readonly ipv6Prefix?: number
  readonly capacity?: number
  readonly interval?: number
  readonly staleAfter?: number
  readonly whenStale?: FirewallSettings['whenStale']
  readonly metrics?: { readonly host: string; readonly port: number }
  readonly stateDir?: string
  readonly test?: boolean
  readonly verbose?: boolean
}

/** `tocsin bouncer …` */
export function bouncerCommand(streams: Streams): Command {
  const bouncer = new Command('bouncer').description('enforce decisions on this machine')
  bouncer.addCommand(firewallCommand(streams))
  bouncer.addCommand(verifyCommand(streams))
  bouncer.addCommand(clearCommand(streams))
  return bouncer
}

function firewallCommand(streams: Streams): Command {
  return new Command('firewall')
    .description('keep banned addresses out with the firewall of this machine')
    .option('-c, --config <file>', 'crowdsec-firewall-bouncer.yaml')
    .option(
      '--lapi-url <url...>',
      'the Local API, or the path of its socket; several are tried in order',
    )
    .option('--key <key>', 'the API key; TOCSIN_BOUNCER_KEY keeps it out of the list of processes')
    .addOption(new Option('--mode <mode>', 'what enforces').choices(firewallModes))
    .option('--dry-run', 'say what would be done and do nothing')
    .option('--allow <range...>', 'addresses and ranges that are never kept out')
    .option('--ipv6-prefix <length>', 'ban this network around an IPv6 address: 64', readInteger)
    .option('--capacity <count>', 'how many bans may stand at most', readInteger)
    .option('--interval <duration>', 'between two pulls of decisions: 10s', readDuration)
    .option(
      '--stale-after <duration>',
      'how long decisions hold that are not heard again',
      readDuration,
    )
    .addOption(
      new Option(
        '--when-stale <stance>',
        'then: keep what stands, let everyone in, or no one',
      ).choices(['static', 'open', 'closed']),
    )
    .option('--metrics <address>', 'serve /metrics and /health at 127.0.0.1:60601', readPlace)
    .option('--state-dir <dir>', 'where the snapshot and the control socket are kept')
    .option('-t, --test', 'read the configuration, say what is wrong with it, and end')
    .option('-v, --verbose', 'tell more')
    .action(async (options: FirewallOptions) => {
      const settings = settingsOf(options, streams)
      if (options.test) {
        await writeText(streams.stdout, 'the configuration is right\n')
        return
      }
      const controller = new AbortController()
      const stop = (): void => controller.abort()
      process.once('SIGINT', stop)
      process.once('SIGTERM', stop)
      try {
        await runFirewall(settings, stateDirectoryOf(options, streams), streams, controller.signal)
      } finally {
        process.removeListener('SIGINT', stop)
        process.removeListener('SIGTERM', stop)
      }
    })
}

function verifyCommand(streams: Streams): Command {
  return new Command('verify')
    .description('say how what is enforced differs from what is decided')
    .option('--state-dir <dir>', 'where the control socket of the bouncer is')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['human', 'json'])
        .default('human'),
    )
    .action(async (options: { stateDir?: string; output: 'human' | 'json' }) => {
      const { control } = firewallPaths(stateDirectoryOf(options, streams))
      const verification = await ask(control)
      await writeText(
        streams.stdout,
        options.output === 'json'
          ? `${JSON.stringify(verification, undefined, 2)}\n`
          : formatVerification(verification),
      )
      if (!isInStep(verification)) throw new CommandError('', 1)
    })
}

function clearCommand(streams: Streams): Command {
  return new Command('clear')
    .description('take away every ban, rule and set that a firewall bouncer made here')
    .option('-c, --config <file>', 'crowdsec-firewall-bouncer.yaml')
    .addOption(new Option('--mode <mode>', 'what enforced').choices(firewallModes))
    .action(async (options: Pick<FirewallOptions, 'config' | 'mode'>) => {
      await using enforcer = createEnforcer(settingsOf(options, streams), streams.stdout)
      try {
        await enforcer.removeAll()
      } catch (error) {
        if (!(error instanceof EnforcerError)) throw error
        throw new CommandError(error.message)
      }
      await writeText(
        streams.stdout,
        `nobody is kept out by ${enforcer.name} any more; a bouncer that runs, or is started, bans again\n`,
      )
    })
}

async function ask(control: string): Promise<Verification> {
  try {
    return (await askDaemon(control, 'GET', '/verify')) as Verification
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error
    throw new CommandError(
      `no firewall bouncer answers at ${control}. Start one with: tocsin bouncer firewall`,
    )
  }
}

function formatVerification(verification: Verification): string {
  const { isWhole, expected, standing, missing, wrong, foreign, examples } = verification
  const lines = [`${formatCount(standing)} of ${formatCount(expected)} bans stand`]
  if (!isWhole) lines.push('the rules that make them take effect are missing or changed')
  if (missing + wrong + foreign > 0) {
    lines.push(
      `${formatCount(missing)} missing, ${formatCount(wrong)} with another end or origin, ${formatCount(foreign)} that nobody decided`,
    )
  }
  return `${[...lines, ...examples.map((example) => `  ${example}`)].join('\n')}\n`
}

function settingsOf(options: FirewallOptions, streams: Streams): FirewallSettings {
  const base = options.config ? configured(options.config, streams) : defaultFirewallSettings
  const { ranges, wrong } = readRanges(options.allow ?? [])
  if (wrong.length > 0) {
    throw new CommandError(`--allow takes addresses and ranges, not "${wrong.join('", "')}"`, 2)
  }
  const key = options.key ?? streams.env.TOCSIN_BOUNCER_KEY
  const mode = options.dryRun ? 'dry-run' : options.mode
  return {
    ...base,
    feed: {
      ...base.feed,
      ...(options.lapiUrl && { urls: options.lapiUrl }),
      ...(key !== undefined && { apiKey: key }),
      ...(options.interval !== undefined && { intervalMs: options.interval }),
    },
    ...(mode && { mode }),
    allow: [...base.allow, ...ranges],
    ...(options.ipv6Prefix !== undefined && { ipv6PrefixLength: options.ipv6Prefix }),
    ...(options.capacity !== undefined && { capacity: options.capacity }),
    ...(options.staleAfter !== undefined && { staleAfterMs: options.staleAfter }),
    ...(options.whenStale && { whenStale: options.whenStale }),
    ...(options.metrics && { prometheus: options.metrics }),
    ...(options.verbose && { logLevel: 'debug' as const }),
  }
}

function configured(path: string, streams: Streams): FirewallSettings {
  const problems = new Problems()
  const settings = readFirewallConfig(path, streams.env, problems)
  const shown = problems.list.map(formatProblem).join('\n')
  if (!settings || problems.errorCount > 0) throw new CommandError(shown)
  if (shown !== '') streams.stderr.write(`${shown}\n`)
  return settings
}

function stateDirectoryOf(options: { readonly stateDir?: string }, streams: Streams): string {
  return (
    options.stateDir ??
    defaultStateDirectory({
      isRoot: process.getuid?.() === 0,
      variables: streams.env,
      workingDirectory: process.cwd(),
    })
  )
}

function readInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number above zero.')
}

function readDuration(text: string): number {
  const nanos = parseDurationWithDays(text)
  if (nanos !== undefined && nanos > 0) return nanos / 1e6
  throw new InvalidArgumentError('It must be a duration such as 10s or 1h30m.')
}

function readPlace(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  if (!match) throw new InvalidArgumentError('It must be an address and a port: 127.0.0.1:60601.')
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port: Number(match[3]) }
}
