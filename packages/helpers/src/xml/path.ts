/** One step of a path: which elements to go to, and which of them to keep. */
export interface XmlStep {
  readonly axis: 'self' | 'parent' | 'children' | 'descendants' | 'root'
  /** Of `children`: undefined prefix fits any, undefined name (`*`) too. */
  readonly prefix: string | undefined
  readonly name: string | undefined
  readonly filters: readonly XmlFilter[]
}

/** What stands in brackets: `[2]`, `[@Name='x']`, `[tag]`, `[text()='v']`. */
export type XmlFilter =
  | { readonly kind: 'position'; readonly position: number }
  | {
      readonly kind: 'attribute' | 'child'
      readonly name: string
      readonly value: string | undefined
    }
  | { readonly kind: 'function'; readonly name: XmlFunction; readonly value: string | undefined }

export const xmlFunctions = [
  'text',
  'name',
  'local-name',
  'namespace-prefix',
  'namespace-uri',
] as const
export type XmlFunction = (typeof xmlFunctions)[number]

/** Reads a path such as `/Event/EventData[1]/Data[@Name='X']`; undefined when it is not one. */
export function parseXmlPath(path: string): readonly XmlStep[] | undefined {
  const segments = splitOutsideQuotes(path, '/')
  if (!segments || path === '') return undefined
  const steps: XmlStep[] = []
  const isAbsolute = segments[0] === '' && segments.length > 1
  if (isAbsolute) {
    steps.push({ axis: 'root', prefix: undefined, name: undefined, filters: [] })
    segments.shift()
  }
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index === segments.length - 1) return undefined
    const step = parseStep(segment)
    if (!step) return undefined
    steps.push(step)
  }
  return steps
}

function parseStep(segment: string): XmlStep | undefined {
  const bracket = segment.indexOf('[')
  const tag = bracket < 0 ? segment : segment.slice(0, bracket)
  const filters = bracket < 0 ? [] : parseFilters(segment.slice(bracket))
  if (!filters) return undefined
  if (tag === '') return step('descendants', filters)
  if (tag === '.') return step('self', filters)
  if (tag === '..') return step('parent', filters)
  if (tag === '*') return step('children', filters)
  const colon = tag.indexOf(':')
  if (colon < 0) return { ...step('children', filters), name: tag }
  const name = tag.slice(colon + 1)
  return {
    ...step('children', filters),
    prefix: tag.slice(0, colon) || undefined,
    name: name === '*' ? undefined : name,
  }
}

function step(axis: XmlStep['axis'], filters: readonly XmlFilter[]): XmlStep {
  return { axis, prefix: undefined, name: undefined, filters }
}

function parseFilters(text: string): XmlFilter[] | undefined {
  const filters: XmlFilter[] = []
  let rest = text
  while (rest !== '') {
    const match = /^\[((?:[^\]'"]|'[^']*'|"[^"]*")+)\]/.exec(rest)
    const filter = match && parseFilter(match[1] ?? '')
    if (!match || !filter) return undefined
    filters.push(filter)
    rest = rest.slice(match[0].length)
  }
  return filters
}

function parseFilter(text: string): XmlFilter | undefined {
  const position = /^-?\d+$/.test(text) ? Number(text) : undefined
  // The first element is 1, the last -1; 0 is the first too.
  if (position !== undefined) return { kind: 'position', position }
  const match = /^(@?)([^@='"()[\]\s]+)(\(\))?(?:=(?:'([^']*)'|"([^"]*)"))?$/.exec(text)
  if (!match) return undefined
  const [, at = '', name = '', call, single, double] = match
  const value = single ?? double
  if (call === undefined) return { kind: at === '' ? 'child' : 'attribute', name, value }
  const known = xmlFunctions.find((candidate) => candidate === name)
  return known && at === '' ? { kind: 'function', name: known, value } : undefined
}

function splitOutsideQuotes(text: string, separator: string): string[] | undefined {
  const parts: string[] = []
  let start = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if (letter === "'" || letter === '"') {
      quote = letter
    } else if (letter === separator) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  if (quote !== '') return undefined
  parts.push(text.slice(start))
  return parts
}
