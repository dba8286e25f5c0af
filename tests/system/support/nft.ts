import type { Sandbox } from './sandbox.ts'

/** An address or range in a set: `{ value: '192.0.2.7', leftSeconds: 14_392 }`. */
export interface SetElement {
  readonly value: string
  /** Undefined when it never ends. */
  readonly leftSeconds: number | undefined
}

/** What all sets of a table hold, by value; empty when there is no such table. */
export async function listSetElements(
  sandbox: Sandbox,
  family: 'ip' | 'ip6',
  table: string,
): Promise<Map<string, SetElement>> {
  const { nftables } = JSON.parse(await sandbox.run('nft', ['-j', 'list', 'ruleset'])) as {
    nftables: readonly { readonly set?: NftSet }[]
  }
  const found = new Map<string, SetElement>()
  for (const { set } of nftables) {
    if (set?.family !== family || set.table !== table) continue
    for (const item of set.elem ?? []) {
      const element = readElement(item)
      found.set(element.value, element)
    }
  }
  return found
}

interface NftSet {
  readonly family: string
  readonly table: string
  readonly elem?: readonly NftItem[]
}

type NftValue = string | { readonly prefix: { readonly addr: string; readonly len: number } }
type NftItem = NftValue | { readonly elem: { readonly val: NftValue; readonly expires?: number } }

function readElement(item: NftItem): SetElement {
  if (typeof item === 'object' && 'elem' in item) {
    return { value: readValue(item.elem.val), leftSeconds: item.elem.expires }
  }
  return { value: readValue(item), leftSeconds: undefined }
}

function readValue(value: NftValue): string {
  return typeof value === 'string' ? value : `${value.prefix.addr}/${value.prefix.len}`
}
