import { realpathSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { Problems } from '@tocsin/diagnostic'
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
  readonly #items = new Map<string, RuleItem>()

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
    return orderItems(this.#items.values())
  }

  #readType(type: HubItemType): void {
    const root = join(this.#directory, type)
    const found: FoundFile[] = []
    for (const below of listFiles(root)) {
      const path = join(root, below)
      if (isYamlName(below)) {
        const file = this.#locate(type, path, below)
        if (file) found.push(file)
      } else {
        this.#ignore(path, 'its name ends neither in .yaml nor in .yml')
      }
    }
    // Hub items first, so that a local file of the same name takes the place of one.
    for (const file of found) if (file.item) this.#addHubItem(file, file.item)
    for (const file of found) if (!file.item) this.#addLocal(type, file)
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

  #addHubItem(file: FoundFile, item: IndexItem): void {
    const loaded = this.#hub.loadItem(item, this.#problems)
    if (!loaded) return
    const { path, place } = file
    this.#items.set(`${loaded.kind}:${loaded.name}`, { ...loaded, path, place })
  }

  #addLocal(type: HubItemType, file: FoundFile): void {
    const kind = kindOfType[type]
    const read = readRuleFile(file.path, this.#problems)
    if (!kind || !read) return
    const { path, stage, place } = file
    const name = guessRule(read.source, path)?.name || place
    const key = `${kind}:${name}`
    const replaced = this.#items.get(key)
    if (replaced) this.#ignore(replaced.path, `${basename(path)} has the same name, "${name}"`)
    const { source } = read
    const local = { version: '', hash: '', isLocal: true }
    this.#items.set(key, { kind, name, stage, path, place, source, ...local })
  }

  #ignore(path: string, reason: string): undefined {
    return this.#problems.warn(path, 'TOC_HUB_IGNORED', `ignored: ${reason}`)
  }
}
