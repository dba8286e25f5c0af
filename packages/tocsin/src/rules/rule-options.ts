import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problems } from '@tocsin/diagnostic'
import {
  findDataFile,
  openHub,
  orderItems,
  type RuleItem,
  readInstalled,
  readRulePaths,
} from '@tocsin/hub'
import { type Command, Option } from 'commander'
import { ownRulesDirectory } from './own-rules.ts'

/** Which rules a command works with, as its options say. */
export interface RuleOptions {
  readonly hub?: string
  readonly collection?: readonly string[]
  readonly config?: string
  readonly rules?: readonly string[]
  readonly data?: readonly string[]
  readonly cityDb?: string
  readonly asnDb?: string
  readonly year?: number
  readonly strict?: boolean
}

const collect = (value: string, list: readonly string[] = []): string[] => [...list, value]

/** Adds the options that choose rules; every command that runs rules has the same. */
export function addRuleOptions(command: Command): Command {
  return command
    .option('--hub <dir>', 'take the rules of a hub tree instead of our own')
    .option('--collection <name>', 'of the hub, only this collection (repeatable)', collect)
    .option('--config <dir>', 'take the rules installed in a configuration directory')
    .option('--rules <path>', 'add a rule file or a folder of them (repeatable)', collect)
    .option('--data <dir>', 'where data files of rules are (repeatable)', collect)
    .option('--city-db <file>', 'GeoIP database of places (MMDB)')
    .option('--asn-db <file>', 'GeoIP database of networks (MMDB)')
    .addOption(
      new Option('--year <year>', 'the year of log dates that have none').argParser(Number),
    )
    .option('--strict', 'stop when any rule has a problem')
}

/** Where the files are that rules read. */
export interface ChosenData {
  readonly directories: readonly string[]
  readonly findData: (file: { destFile: string; sourceUrl: string }) => string | undefined
  readonly cityDatabase: string | undefined
  readonly asnDatabase: string | undefined
}

/** The data that the options name; GeoIP databases may lie among the data files. */
export function chooseData(options: RuleOptions): ChosenData {
  const own = options.hub ?? options.config ?? ownRulesDirectory
  const directories = [...(options.data ?? []), join(own, 'data')]
  const findData = (file: { destFile: string; sourceUrl: string }) => {
    for (const directory of directories) {
      const path = findDataFile(directory, file)
      if (path !== undefined) return path
    }
    return undefined
  }
  const database = (given: string | undefined, name: string) =>
    given ?? directories.map((directory) => join(directory, name)).find((path) => existsSync(path))
  return {
    directories,
    findData,
    cityDatabase: database(options.cityDb, 'GeoLite2-City.mmdb'),
    asnDatabase: database(options.asnDb, 'GeoLite2-ASN.mmdb'),
  }
}

/** Reads the rules that the options choose, in loading order; our own when they choose none. */
export function chooseRules(options: RuleOptions, problems: Problems): RuleItem[] {
  const { hub: hubPath, config, collection, rules } = options
  const hub = hubPath === undefined ? undefined : openHub(hubPath, problems)
  const added = rules ? readRulePaths(rules, problems, hub) : []
  if (config !== undefined) return orderItems([...readInstalled(config, problems), ...added])
  // Files that are named stand for themselves, unless a hub is named beside them.
  if (rules && !hub && !collection) return added
  const tree = hub ?? openHub(ownRulesDirectory, problems)
  const chosen = collection ? tree.expand(collection, problems) : tree.loadAll(problems)
  return orderItems([...chosen, ...added])
}
