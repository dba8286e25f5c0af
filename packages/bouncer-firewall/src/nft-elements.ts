import type { AddressRange } from '@tocsin/address'
import { parseAddress, AddressRange as Range } from '@tocsin/address'
import type { Ban, BanTable } from '@tocsin/bouncer'
import { counterName, originOfCounter } from './counter-name.ts'
import { kindOf, type NftLayout } from './nft-layout.ts'

/** How many elements one command carries; more make the program's own memory grow. */
const perCommand = 10_000

/** The text of an element's key. Only numbers that were parsed are written, never text of a feed. */
function keyText(range: AddressRange): string {
  const kind = kindOf(range)
  const address = range.first.toString()
  if (!kind.startsWith('range')) return `"${address}"`
  return `{"prefix":{"addr":"${address}","len":${range.prefixLength}}}`
}

/** One `add element` or `delete element` command for each map and each so many elements. */
export function* elementCommands(
  verb: 'add' | 'delete',
  layout: NftLayout,
  bans: BanTable,
  options: { readonly nowS?: number; readonly kinds?: 'alone' | 'ranges' } = {},
): Generator<string> {
  const { nowS, kinds } = options
  const byMap = new Map<string, string[]>()
  const names = new Map<string, string>()
  const head = `{"${verb}":{"element":{"family":"${layout.family}","table":"${layout.table}","name":"`
  const command = (map: string, elements: readonly string[]): string =>
    `${head}${map}","elem":[${elements.join(',')}]}}}`
  for (let index = 0; index < bans.end; index++) {
    if (!bans.has(index)) continue
    const range = bans.rangeAt(index)
    if (kinds && (kinds === 'ranges') !== kindOf(range).startsWith('range')) continue
    const origin = bans.originAt(index)
    let name = names.get(origin)
    if (name === undefined) {
      name = counterName(origin)
      names.set(origin, name)
    }
    const map = layout.mapOf(range)
    let elements = byMap.get(map)
    if (!elements) {
      elements = []
      byMap.set(map, elements)
    }
    const key = keyText(range)
    const timeoutS = nowS === undefined ? 0 : Math.max(1, Math.ceil(bans.expiresAt(index) - nowS))
    elements.push(
      nowS === undefined
        ? `[${key},"${name}"]`
        : `[{"elem":{"val":${key},"timeout":${timeoutS}}},"${name}"]`,
    )
    if (elements.length === perCommand) {
      yield command(map, elements)
      elements.length = 0
    }
  }
  for (const [map, elements] of byMap) if (elements.length > 0) yield command(map, elements)
}

/** The elements of a map as nft lists them. */
export type ListedElement = readonly [unknown, string]

/** What one listed element says; undefined when it is none of ours. */
export function readElement(
  [key, counter]: ListedElement,
  isNet6: boolean,
  nowS: number,
): Ban | undefined {
  const element = isObject(key) && isObject(key.elem) ? key.elem : { val: key }
  const range = readKey(element.val, isNet6)
  const origin = typeof counter === 'string' ? originOfCounter(counter) : undefined
  if (!range || origin === undefined) return undefined
  const expires = element.expires
  // An element without an end was not made by us: as one that never ends it will be mended.
  const expiresS = typeof expires === 'number' ? nowS + expires : Number.MAX_SAFE_INTEGER
  return { range, expiresS, origin }
}

/** Reads `"192.0.2.7"` or `{ prefix: { addr: '192.0.2.0', len: 24 } }`. */
export function readKey(value: unknown, isNet6 = false): AddressRange | undefined {
  if (typeof value === 'string') {
    const address = parseAddress(value)
    return address && (isNet6 ? Range.of(address, 64) : Range.of(address))
  }
  if (!isObject(value) || !isObject(value.prefix)) return undefined
  const { addr, len } = value.prefix
  const address = typeof addr === 'string' ? parseAddress(addr) : undefined
  return address && typeof len === 'number' ? Range.of(address, len) : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}
