/** What expressions read of an event: enough to decide what a bucket must keep of it. */
export interface EventNeeds {
  /** More than the named keys: the whole event has to be kept. */
  readonly isWhole: boolean
  readonly parsed: ReadonlySet<string>
  readonly enriched: ReadonlySet<string>
}

const key = String.raw`(?:\??\.\s*([A-Za-z_]\w*)|(?:\?\.)?\[\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*\])`
const readsMeta = /\s*\??\.\s*(?:Meta\b|GetMeta\s*\(|GetType\s*\()/y
const readsKey = new RegExp(String.raw`\s*\??\.\s*(Parsed|Enriched)\s*${key}`, 'y')

/**
 * What of an event the texts can read, judged by every place that names `evt`. Errs towards more: a
 * place in a string counts, one it does not understand means the whole event. Meta is always kept.
 */
export function readEventNeeds(texts: Iterable<string>): EventNeeds {
  const parsed = new Set<string>()
  const enriched = new Set<string>()
  let isWhole = false
  for (const text of texts) {
    if (changesEvents(text) || text.includes('$env')) isWhole = true
    for (const mention of text.matchAll(/\bevt\b/g)) {
      const end = mention.index + mention[0].length
      readsMeta.lastIndex = end
      if (readsMeta.test(text)) continue
      readsKey.lastIndex = end
      const match = readsKey.exec(text)
      if (match) {
        const name = match[2] ?? match[3] ?? match[4] ?? ''
        const keys = match[1] === 'Parsed' ? parsed : enriched
        keys.add(name)
      } else {
        isWhole = true
      }
    }
  }
  return { isWhole, parsed, enriched }
}

/** Whether an expression writes into the event it is evaluated on. */
export function changesEvents(text: string): boolean {
  return /\bSet(?:Meta|Parsed)\b/.test(text)
}
