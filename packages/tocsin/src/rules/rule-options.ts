import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problems } from '@tocsin/diagnostic'
import { findDataFile, openHub, type RuleItem, readInstalled, readRulePaths } from '@tocsin/hub'
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

/** The rules and data that the options name. */
export interface ChosenRules {
  readonly items: readonly RuleItem[]
  readonly findData: (file: { destFile: string; sourceUrl: string }) => string | undefined
  readonly cityDatabase: string | undefined
  readonly asnDatabase: string | undefined
}

/** Reads the rules that the options choose; our own when they choose none. */
export function chooseRules(options: RuleOptions, problems: Problems): ChosenRules {
  const items = [...mainItems(options, problems)]
  for (const path of options.rules ?? []) items.push(...readRulePaths([path], problems))
  const directories = dataDirectories(options)
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
    items,
    findData,
    cityDatabase: database(options.cityDb, 'GeoLite2-City.mmdb'),
    asnDatabase: database(options.asnDb, 'GeoLite2-ASN.mmdb'),
  }
}

function mainItems(options: RuleOptions, problems: Problems): readonly RuleItem[] {
  if (options.config !== undefined) return readInstalled(options.config, problems)
  const isOnlyFiles = options.rules !== undefined && options.hub === undefined
  if (isOnlyFiles) return []
  const hub = openHub(options.hub ?? ownRulesDirectory, problems)
  if (options.collection) return hub.expand(options.collection, problems)
  return hub.loadAll(problems)
}

function dataDirectories({ hub, config, data }: RuleOptions): readonly string[] {
  const own = hub ?? config ?? ownRulesDirectory
  return [...(data ?? []), join(own, 'data')]
}
