import type { XmlFilter, XmlFunction, XmlStep } from './path.ts'
import type { XmlElement } from './read.ts'

/** The first element at the path, seen from the document; undefined when there is none. */
export function selectXml(document: XmlElement, steps: readonly XmlStep[]): XmlElement | undefined {
  let level: XmlElement[] = [document]
  for (const step of steps) {
    // Two elements may lead to the same one (`//..`): it counts once, or levels could double.
    const found = new Set<XmlElement>()
    for (const element of level) {
      if (step.axis === 'descendants' && step.filters.length === 0) addDescendants(element, found)
      else for (const kept of applyFilters(follow(element, step), step.filters)) found.add(kept)
    }
    if (found.size === 0) return undefined
    level = [...found]
  }
  return level[0]
}

/** The value of an attribute; an unprefixed name fits any prefix. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  const { attributes } = element
  for (let i = 0; i < attributes.length; i += 2) {
    const key = attributes[i] ?? ''
    if (key === name) return attributes[i + 1]
    const colon = name.includes(':') ? -1 : key.indexOf(':')
    if (colon >= 0 && key.slice(colon + 1) === name) return attributes[i + 1]
  }
  return undefined
}

function follow(element: XmlElement, step: XmlStep): readonly XmlElement[] {
  switch (step.axis) {
    case 'self':
      return [element]
    case 'root':
      return [rootOf(element)]
    case 'parent':
      return element.parent ? [element.parent] : []
    case 'descendants':
      return [...addDescendants(element, new Set())]
    case 'children':
      return element.children.filter((child) => isNamed(child, step.prefix, step.name))
  }
}

function isNamed(
  element: XmlElement,
  prefix: string | undefined,
  name: string | undefined,
): boolean {
  return (
    (name === undefined || element.name === name) &&
    (prefix === undefined || element.prefix === prefix)
  )
}

function rootOf(element: XmlElement): XmlElement {
  let root = element
  while (root.parent) root = root.parent
  return root
}

/** Breadth first, the element itself included; what is known, and so all below it, is not walked. */
function addDescendants(element: XmlElement, known: Set<XmlElement>): Set<XmlElement> {
  if (known.has(element)) return known
  const queue = [element]
  known.add(element)
  for (let i = 0; i < queue.length; i++) {
    for (const child of queue[i]?.children ?? []) {
      if (known.has(child)) continue
      known.add(child)
      queue.push(child)
    }
  }
  return known
}

function applyFilters(
  candidates: readonly XmlElement[],
  filters: readonly XmlFilter[],
): readonly XmlElement[] {
  let kept = candidates
  for (const filter of filters) {
    kept =
      filter.kind === 'position'
        ? atPosition(kept, filter.position)
        : kept.filter((element) => fits(element, filter))
  }
  return kept
}

function atPosition(candidates: readonly XmlElement[], position: number): readonly XmlElement[] {
  const element = candidates.at(position > 0 ? position - 1 : position)
  return element ? [element] : []
}

type ValueFilter = Exclude<XmlFilter, { kind: 'position' }>

function fits(element: XmlElement, filter: ValueFilter): boolean {
  switch (filter.kind) {
    case 'attribute': {
      const value = attributeOf(element, filter.name)
      return value !== undefined && (filter.value === undefined || value === filter.value)
    }
    case 'child':
      return element.children.some(
        (child) =>
          isTag(child, filter.name) && (filter.value === undefined || child.text === filter.value),
      )
    case 'function': {
      const value = callFunction(element, filter.name)
      return filter.value === undefined ? value !== '' : value === filter.value
    }
  }
}

function isTag(element: XmlElement, tag: string): boolean {
  const colon = tag.indexOf(':')
  return colon < 0
    ? element.name === tag
    : element.name === tag.slice(colon + 1) && element.prefix === tag.slice(0, colon)
}

function callFunction(element: XmlElement, name: XmlFunction): string {
  switch (name) {
    case 'text':
      return element.text
    case 'name':
      return element.prefix === '' ? element.name : `${element.prefix}:${element.name}`
    case 'local-name':
      return element.name
    case 'namespace-prefix':
      return element.prefix
    case 'namespace-uri':
      return namespaceOf(element)
  }
}

function namespaceOf(element: XmlElement): string {
  const key = element.prefix === '' ? 'xmlns' : `xmlns:${element.prefix}`
  for (let at: XmlElement | undefined = element; at; at = at.parent) {
    const index = at.attributes.findIndex((name, i) => i % 2 === 0 && name === key)
    if (index >= 0) return at.attributes[index + 1] ?? ''
  }
  return ''
}
