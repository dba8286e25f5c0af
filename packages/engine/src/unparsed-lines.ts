/** Lines of one shape that no parser took. */
export interface UnparsedCluster {
  /** The shape: words that carry a digit are `#`, quoted parts `"…"`. */
  readonly shape: string
  /** How many; an estimate once sampling has begun. */
  count: number
  /** The first of them, as it was read. */
  readonly example: string
}

const maxClusters = 256
const shapeLength = 160
/** So many lines are looked at one by one; after that one in `samplingStep`. */
const exactLines = 20_000
const samplingStep = 16

const space = 0x20
const quote = 0x22
const digitMark = 0x23

/**
 * Groups lines that no parser took by their shape, in bounded memory and time.
 * Hot path: called for every unparsed line, and those may be all of them.
 */
export class UnparsedLines {
  total = 0
  /** Lines whose shape found no room among the clusters. */
  otherCount = 0
  readonly #clusters = new Map<number, UnparsedCluster>()

  add(line: string): void {
    if (this.count()) this.look(line)
  }

  /** Counts a line; whether it is one of those to `look` at. */
  count(): boolean {
    this.total++
    return this.total <= exactLines || this.total % samplingStep === 0
  }

  /** Finds the cluster of the line that was just counted. */
  look(line: string): void {
    const weight = this.total > exactLines ? samplingStep : 1
    const key = shapeHash(line)
    const cluster = this.#clusters.get(key)
    if (cluster) {
      cluster.count += weight
    } else if (this.#clusters.size < maxClusters) {
      this.#clusters.set(key, { shape: formatShape(line), count: weight, example: line })
    } else {
      this.otherCount += weight
    }
  }

  /** The biggest clusters first. */
  largest(limit: number): UnparsedCluster[] {
    return [...this.#clusters.values()].sort((a, b) => b.count - a.count).slice(0, limit)
  }
}

/** A number that lines of one shape share: words with a digit count as one mark, quoted parts too. */
function shapeHash(line: string): number {
  const end = Math.min(line.length, shapeLength)
  let hash = 17
  let wordHash = 0
  let hasDigit = false
  let isQuoted = false
  for (let i = 0; i < end; i++) {
    const code = line.charCodeAt(i)
    if (code === quote) isQuoted = !isQuoted
    if (isQuoted) continue
    if (code === space) {
      hash = Math.imul(hash, 31) + (hasDigit ? digitMark : wordHash)
      wordHash = 0
      hasDigit = false
    } else if (code >= 0x30 && code <= 0x39) {
      hasDigit = true
    } else {
      wordHash = Math.imul(wordHash, 33) + code
    }
  }
  return Math.imul(hash, 31) + (hasDigit ? digitMark : wordHash)
}

function formatShape(line: string): string {
  return line
    .slice(0, shapeLength)
    .replace(/"[^"]*("|$)/g, '"…"')
    .split(' ')
    .map((word) => (/\d/.test(word) ? '#' : word))
    .join(' ')
}
