import { realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Problems } from '@tocsin/diagnostic'
import { dropShadowed } from './drop-shadowed.ts'
import { guessRule } from './guess-kind.ts'
import { type HubTree, openHub } from './hub-tree.ts'
import type { IndexItem } from './index-file.ts'
import { type HubItemType, hasStages, hubItemTypes, kindOfType, type RuleItem } from './item.ts'
import { orderItems } from './order-items.ts'
import { isDirectory, isYamlName, listFiles, readRuleFile, worldReason } from './rule-file.ts'

/**
 * The rules installed in a configuration directory such as `/etc/crowdsec`, in loading order:
 * `parsers/<stage>/x.yaml`, `scenarios/x.yaml` and so on. A link into the hub is a hub item, with
 * its version; any other file is local and replaces a hub item of the same name. What cannot be
 * used is reported as a warning and left out.
 * @param hub The hub links lead to; `<directory>/hub` when absent.
 */
export function readInstalled(
  directory: string,
  problems: Problems,
  hub: HubTree = openHub(join(directory, 'hub'), problems),
): RuleItem[] {
  return new InstalledReader(directory, hub, problems).read()
}

/** A file below a type directory and where its links end. */
interface FoundFile {
  readonly path: string
  readonly stage: string
  readonly place: string
  /** The hub item it leads to; undefined for a local file. */
  readonly item: IndexItem | undefined
}

class InstalledReader {
  readonly #directory: string
  readonly #hub: HubTree
  readonly #problems: Problems
  readonly #hubRoot: string
  readonly #itemByPath: ReadonlyMap<string, IndexItem>
  readonly #items: RuleItem[] = []

  constructor(directory: string, hub: HubTree, problems: Problems) {
    this.#directory = directory
    this.#hub = hub
    this.#problems = problems
    this.#hubRoot = isDirectory(hub.directory) ? realpathSync(hub.directory) : hub.directory
    const items = hubItemTypes.flatMap((type) => [...hub.index[type].values()])
    this.#itemByPath = new Map(items.map((item) => [item.path, item]))
  }

  read(): RuleItem[] {
    for (const type of hubItemTypes) {
      if (kindOfType[type]) this.#readType(type)
    }
    return orderItems(dropShadowed(this.#items, this.#problems))
  }

  #readType(type: HubItemType): void {
    const root = join(this.#directory, type)
    for (const below of listFiles(root)) {
      const path = join(root, below)
      if (!isYamlName(below)) {
        this.#ignore(path, 'its name ends neither in .yaml nor in .yml')
        continue
      }
      const file = this.#locate(type, path, below)
      const item =
        file && (file.item ? this.#loadLinked(file, file.item) : this.#loadLocal(type, file))
      if (item) this.#items.push(item)
    }
  }

  #locate(type: HubItemType, path: string, below: string): FoundFile | undefined {
    const parts = below.split('/')
    const stage = hasStages(type) ? (parts.shift() ?? '') : ''
    if (parts.length === 0) return this.#ignore(path, 'it is not in a stage directory')
    const target = this.#resolveLinks(path)
    if (target === undefined) return undefined
    const place = parts.join('/')
    const inHub = relative(this.#hubRoot, target)
    if (inHub.startsWith('../') || inHub.startsWith('/')) {
      return { path, stage, place, item: undefined }
    }
    const item = this.#itemByPath.get(inHub)
    if (!item || item.type !== type || item.stage !== stage) {
      return this.#ignore(path, `${inHub} is not an item of the hub`)
    }
    return { path, stage, place, item }
  }

  #resolveLinks(path: string): string | undefined {
    try {
      return realpathSync(path)
    } catch (error) {
      return this.#ignore(path, `the link leads nowhere: ${worldReason(error)}`)
    }
  }

  #loadLinked({ path, place }: FoundFile, item: IndexItem): RuleItem | undefined {
    const loaded = this.#hub.loadItem(item, this.#problems)
    return loaded && { ...loaded, path, place }
  }

  #loadLocal(type: HubItemType, { path, stage, place }: FoundFile): RuleItem | undefined {
    const kind = kindOfType[type]
    const file = readRuleFile(path, this.#problems)
    if (!kind || !file) return undefined
    const { source } = file
    const name = guessRule(source, path)?.name || place
    return { kind, name, stage, path, place, source, version: '', hash: '', isLocal: true }
  }

  #ignore(path: string, reason: string): undefined {
    return this.#problems.warn(path, 'TOC_HUB_IGNORED', `ignored: ${reason}`)
  }
}
