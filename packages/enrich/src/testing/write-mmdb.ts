import { type AddressRange, parseAddressOrRange } from '@tocsin/address'

/** What a database may hold for a range: `{ country: { iso_code: 'FR' } }`. */
export type MmdbValue =
  | string
  | number
  | boolean
  | readonly MmdbValue[]
  | { readonly [key: string]: MmdbValue }

type Leaf = { readonly value: number }
type Node = { children: [Branch, Branch] }
type Branch = Node | Leaf | undefined

const separator = Buffer.alloc(16)
const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

/**
 * A small MaxMind database for tests: `writeMmdb('City', { '192.0.2.0/24': { … } })`. Ranges may lie
 * in each other; the narrower wins. IPv4 stands below `::/96`, as in the real ones.
 * @see https://maxmind.github.io/MaxMind-DB/
 */
export function writeMmdb(type: string, ranges: Readonly<Record<string, MmdbValue>>): Buffer {
  const data: Buffer[] = []
  let dataSize = 0
  const root: Node = { children: [undefined, undefined] }
  const rows = Object.entries(ranges).map(([text, value]) => ({ range: readRange(text), value }))
  rows.sort((a, b) => depthOf(a.range) - depthOf(b.range))
  for (const { range, value } of rows) {
    const encoded = encode(value)
    insert(root, range, { value: dataSize })
    data.push(encoded)
    dataSize += encoded.length
  }
  const nodes = numberNodes(root)
  const tree = Buffer.concat(nodes.map((node) => encodeNode(node, nodes)))
  const metadata = encode({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 6,
    database_type: type,
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_767_225_600,
    description: { en: 'for tests' },
  })
  return Buffer.concat([tree, separator, ...data, marker, metadata])
}

function readRange(text: string): AddressRange {
  const range = parseAddressOrRange(text)
  if (!range) throw new Error(`not a range: ${text}`)
  return range
}

function depthOf(range: AddressRange): number {
  return range.first.family === 4 ? 96 + range.prefixLength : range.prefixLength
}

function insert(root: Node, range: AddressRange, leaf: Leaf): void {
  const { w0, w1, w2, w3, family } = range.first
  const words = family === 4 ? [0, 0, 0, w0] : [w0, w1, w2, w3]
  const depth = depthOf(range)
  let node = root
  for (let i = 0; i < depth; i++) {
    const side = ((words[i >> 5] ?? 0) >>> (31 - (i & 31))) & 1
    if (i === depth - 1) {
      node.children[side] = leaf
      return
    }
    const next = node.children[side]
    // A narrower range splits the wider one around it.
    const child: Node = next && 'children' in next ? next : { children: [next, next] }
    node.children[side] = child
    node = child
  }
}

function numberNodes(root: Node): Node[] {
  const nodes = [root]
  for (const node of nodes) {
    for (const child of node.children) if (child && 'children' in child) nodes.push(child)
  }
  return nodes
}

function encodeNode(node: Node, nodes: readonly Node[]): Buffer {
  const record = Buffer.alloc(6)
  for (const [side, child] of node.children.entries()) {
    record.writeUIntBE(recordOf(child, nodes), side * 3, 3)
  }
  return record
}

function recordOf(child: Branch, nodes: readonly Node[]): number {
  if (!child) return nodes.length
  if ('children' in child) return nodes.indexOf(child)
  return nodes.length + separator.length + child.value
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return Buffer.concat([control(2, bytes.length), bytes])
  }
  if (typeof value === 'boolean') return control(14, value ? 1 : 0)
  if (typeof value === 'number') return encodeNumber(value)
  if (Array.isArray(value)) {
    return Buffer.concat([control(11, value.length), ...value.map((item) => encode(item))])
  }
  const entries = Object.entries(value)
  const parts = entries.flatMap(([key, item]) => [encode(key), encode(item)])
  return Buffer.concat([control(7, entries.length), ...parts])
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0) {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return Buffer.concat([control(3, 8), bytes])
}

function control(type: number, size: number): Buffer {
  const sizeBits = size < 29 ? size : size < 285 ? 29 : 30
  const head = type > 7 ? [sizeBits, type - 7] : [(type << 5) | sizeBits]
  if (sizeBits === 29) head.push(size - 29)
  if (sizeBits === 30) head.push((size - 285) >> 8, (size - 285) & 255)
  return Buffer.from(head)
}
