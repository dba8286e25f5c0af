import { effectOf } from './effect.ts'
import { generate } from './generate.ts'
import type { AnyFunction, Ir, IrClosure } from './ir.ts'
import { isExactly, isTextConstant } from './ir.ts'
import { mapParts, partsOf } from './ir-children.ts'
import { type Bindings, bindingsOf, placeOf, readsOf } from './path.ts'
import { changeOf, isDataList, isOfElement } from './search.ts'
import { isStable } from './sharing.ts'

/**
 * A text an expression computes, compared with literals: `Upper(evt.Meta.http_path) contains '/ADMIN'`.
 * Or anything else that is told by one text (`accepts`), such as `RegexpInFile(evt.Meta.agent, '…')`:
 * then what is computed is its truth.
 */
export interface TextTest {
  readonly kind: 'equals' | 'contains' | 'prefix' | 'suffix' | 'accepts'
  /** Equal for texts that are computed alike by expressions of one environment. */
  readonly text: string
  /** The properties that lead to the one text it is made of; undefined when there are several. */
  readonly place: readonly string[] | undefined
  /** The paths the text is made of. */
  readonly reads: readonly (readonly string[])[]
  /** Gives a function that computes the text; its parameters are the environment's variables. */
  readonly compile: () => (...variables: readonly unknown[]) => unknown
  /** Whether it says no more than a `Requirement` does. */
  readonly isPlain: boolean
  /** Whether the literals stand in the expression; else they come out of a data file. */
  readonly isFixed: boolean
  /**
   * The literals, one of which has to be there: the same list as long as they are the same, and
   * undefined when they cannot be told now. Of `accepts` none, but another list when data changed.
   */
  readonly literals: () => readonly string[] | undefined
}

/** One of these has to hold for the expression to be true. */
export type TextRequirement = readonly TextTest[]

/** More alternatives than this are not worth asking for. */
const mostTests = 8

/**
 * What must hold of texts, all of it, for a bool expression to be true, as far as it is told by
 * literals: where one is not met the expression is false or fails, and has changed nothing before.
 */
export function textRequirementsOf(root: Ir, variableCount: number): TextRequirement[] {
  const bindings = bindingsOf(root)
  const requirements = new TextReader(bindings, variableCount).read(root, undefined)
  return requirements.filter(([first, ...others]) => !first || others.length > 0 || !first.isPlain)
}

class TextReader {
  readonly #bindings: Bindings
  readonly #variableCount: number

  constructor(bindings: Bindings, variableCount: number) {
    this.#bindings = bindings
    this.#variableCount = variableCount
  }

  /** @param loop The `any` whose predicate the node belongs to. */
  read(node: Ir, loop: Loop | undefined): TextRequirement[] {
    const requirements = this.#readLiterals(node, loop)
    return loop ? requirements : [...requirements, ...this.#accepted(node)]
  }

  #readLiterals(node: Ir, loop: Loop | undefined): TextRequirement[] {
    switch (node.op) {
      case 'logical':
        return node.operator === '&&'
          ? this.#all(node.operands, loop)
          : this.#any(node.operands, loop)
      case 'conditional': {
        // `a ? b : false` is `a && b`.
        const isAnd = node.whenFalse.op === 'constant' && node.whenFalse.value !== true
        return isAnd ? this.#all([node.condition, node.whenTrue], loop) : []
      }
      case 'ensure':
        return this.read(node.operand, loop)
      case 'let':
        return effectOf(node.value) === 'writes' ? [] : this.read(node.body, loop)
      case 'binary':
        return this.#binary(node, loop)
      case 'inSet':
        return node.of === 'text' ? this.#test('equals', node.operand, node.values.map(String)) : []
      case 'containsAny':
        return this.#test('contains', node.operand, node.texts)
      case 'pattern':
        return this.#test('contains', node.operand, node.pattern.requiredLiterals)
      case 'search':
        return this.#listTest(node.by, node.text, { list: node.list, change: node.change })
      case 'loop':
        if (node.name !== 'any' || !node.closure || loop || !isDataList(node.list)) return []
        return this.read(node.closure.body, { list: node.list, closure: node.closure })
      default:
        return []
    }
  }

  /** Up to the first operand that changes something: what stands behind sees other values. */
  #all(operands: readonly Ir[], loop: Loop | undefined): TextRequirement[] {
    const found: TextRequirement[] = []
    for (const operand of operands) {
      // Of one that changes something only what it requires before that is read.
      found.push(...this.read(operand, loop))
      if (effectOf(operand) === 'writes') break
    }
    return found
  }

  /** What the alternatives require, one requirement of each together. */
  #any(operands: readonly Ir[], loop: Loop | undefined): TextRequirement[] {
    const tests: TextTest[] = []
    for (const operand of operands) {
      if (effectOf(operand) === 'writes') return []
      const [first, ...rest] = this.read(operand, loop)
      if (!first) return []
      tests.push(...rest.reduce((best, other) => (isBetter(other, best) ? other : best), first))
    }
    const merged = mergeTests(tests)
    return merged.length > mostTests ? [] : [merged]
  }

  #binary(node: Ir & { readonly op: 'binary' }, loop: Loop | undefined): TextRequirement[] {
    const kind = kinds[node.operator]
    if (!kind) return []
    const sides = [[node.left, node.right]]
    if (kind === 'equals') sides.push([node.right, node.left])
    for (const [text, literal] of sides) {
      if (!text || !literal) continue
      if (isTextConstant(literal)) return this.#test(kind, text, [literal.value])
      if (loop && isOfElement(literal, loop.closure)) {
        return this.#listTest(kind, text, {
          list: loop.list,
          change: changeOf(literal, loop.closure),
        })
      }
    }
    return []
  }

  #test(kind: TextTest['kind'], text: Ir, literals: readonly string[]): TextRequirement[] {
    // An empty text stands in every text.
    if (literals.length === 0 || (kind !== 'equals' && literals.includes(''))) return []
    return this.#describe(kind, text, true, () => literals)
  }

  #listTest(
    kind: TextTest['kind'],
    text: Ir,
    { list, change }: { readonly list: Ir; readonly change: Change | undefined },
  ): TextRequirement[] {
    return this.#describe(kind, text, false, rememberLiterals(list, change))
  }

  #describe(
    kind: TextTest['kind'],
    operand: Ir,
    isFixed: boolean,
    literals: TextTest['literals'],
  ): TextRequirement[] {
    const node = this.#inline(operand)
    if (!isExactly(node, 'string') || !isStable(node) || node.op === 'constant') return []
    const isPlace = placeOf(node, this.#bindings) !== undefined
    const isPlain = isFixed && isPlace && (kind === 'equals' || kind === 'prefix')
    const text = describeText(node)
    const place = this.#onlyPlaceOf(node)
    const compile = () => generate(node, this.#variableCount)
    return [[{ kind, text, place, reads: readsOf(node), compile, isPlain, isFixed, literals }]]
  }

  /** A part that takes some work and whose truth follows from one text, as that text itself. */
  #accepted(operand: Ir): TextRequirement[] {
    if (operand.op === 'logical' || operand.op === 'let' || operand.op === 'conditional') return []
    const node = this.#inline(operand)
    const place = this.#onlyPlaceOf(node)
    const revisions: (() => unknown)[] = []
    if (!place || node.type.kind !== 'bool' || !takesWork(node) || !isTold(node, revisions))
      return []
    const text = `accepts ${describeText(node)}`
    const compile = () => generate(node, this.#variableCount)
    const isFixed = revisions.length === 0
    const literals = rememberRevisions(revisions)
    const reads = readsOf(node)
    return [[{ kind: 'accepts', text, place, reads, compile, isPlain: false, isFixed, literals }]]
  }

  #onlyPlaceOf(node: Ir): readonly string[] | undefined {
    const places = new Map<string, readonly string[]>()
    const visit = (part: Ir): boolean => {
      const place = placeOf(part, this.#bindings)
      if (place && place.length > 0) places.set(JSON.stringify(place), place)
      else return part.op !== 'variable' && partsOf(part).every(visit)
      return true
    }
    if (!visit(node) || places.size !== 1) return undefined
    return places.values().next().value
  }

  /** The node with what `let` binds in place of its names. */
  #inline(node: Ir): Ir {
    const bound = node.op === 'local' ? this.#bindings.get(node.id) : undefined
    if (bound) return this.#inline(bound)
    return mapParts(node, (part) => this.#inline(part))
  }
}

interface Loop {
  readonly list: Ir
  readonly closure: IrClosure
}

type Change = (element: string) => unknown

const kinds: Partial<Readonly<Record<string, TextTest['kind']>>> = {
  '==': 'equals',
  contains: 'contains',
  startsWith: 'prefix',
  endsWith: 'suffix',
}

/** The texts of a list, changed; the same list while the function gives the same one. */
function rememberLiterals(list: Ir, change: Change | undefined): TextTest['literals'] {
  let readList: AnyFunction | undefined
  let known: unknown
  let literals: readonly string[] | undefined
  return () => {
    // Its arguments are constants, so that it needs no variables.
    readList ??= generate(list, 0)
    const given = attempt(readList)
    if (given === known) return literals
    known = given
    literals = Array.isArray(given) ? attempt(() => changed(given, change)) : undefined
    return literals
  }
}

function changed(list: readonly unknown[], change: Change | undefined): string[] | undefined {
  const texts = change ? list.map((element) => change(element as string)) : list
  return texts.every((text) => typeof text === 'string') ? [...texts] : undefined
}

/** Whether asking again costs more than remembering. */
function takesWork(node: Ir): boolean {
  const isWork = node.op === 'call' || node.op === 'pattern' || node.op === 'search'
  return isWork || partsOf(node).some(takesWork)
}

/** Whether it gives the same for the same text, as long as all revisions are the same. */
function isTold(node: Ir, revisions: (() => unknown)[]): boolean {
  switch (node.op) {
    case 'call':
      if (node.revision) revisions.push(node.revision)
      else if (node.effect !== 'pure') return false
      break
    case 'local':
    case 'let':
    case 'optional':
    case 'loop':
    case 'invoke':
    case 'send':
    case 'environment':
      return false
    default:
  }
  return partsOf(node).every((part) => isTold(part, revisions))
}

/** An empty list, another one whenever a revision is another. */
function rememberRevisions(revisions: readonly (() => unknown)[]): TextTest['literals'] {
  let known = revisions.map((revision) => revision())
  let token: readonly string[] = []
  return () => {
    if (revisions.some((revision, i) => revision() !== known[i])) {
      known = revisions.map((revision) => revision())
      token = []
    }
    return token
  }
}

/** What cannot be computed is left to the expression, which will say so itself. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch {
    // The expression meets the same failure and reports it.
    return undefined
  }
}

/** Whether a requirement tells more rules apart than another, for what it costs. */
export function isBetter(a: TextRequirement, b: TextRequirement): boolean {
  return worthOf(a) > worthOf(b)
}

/** Past this length a literal is no rarer. */
const longEnough = 12
/** What a line of a data file counts as, and a test that has to be evaluated. */
const listedLength = 6
const acceptedLength = 8
/** What another text to look at costs, in letters. */
const perTest = 3

/** The shortest literal decides: the longer it is, the rarer. */
export function worthOf(requirement: TextRequirement): number {
  let worth = longEnough
  for (const { kind, isFixed, literals } of requirement) {
    if (kind === 'accepts') worth = Math.min(worth, acceptedLength)
    // A data file may not be there yet, and its lines are words.
    else if (!isFixed) worth = Math.min(worth, listedLength)
    else for (const literal of literals() ?? []) worth = Math.min(worth, literal.length)
  }
  return worth - perTest * (requirement.length - 1)
}

/** Tests of one kind about one text as one. */
function mergeTests(tests: readonly TextTest[]): TextTest[] {
  const merged: TextTest[] = []
  for (const group of Map.groupBy(tests, ({ kind, text }) => `${kind} ${text}`).values()) {
    const [first] = group
    if (!first) continue
    if (group.length === 1 || first.kind === 'accepts') merged.push(first)
    else {
      const isFixed = group.every((test) => test.isFixed)
      merged.push({ ...first, isFixed, literals: joinLiterals(group) })
    }
  }
  return merged
}

function joinLiterals(tests: readonly TextTest[]): TextTest['literals'] {
  let known: (readonly string[] | undefined)[] = []
  let joined: readonly string[] | undefined
  return () => {
    const lists = tests.map((test) => test.literals())
    if (lists.length !== known.length || lists.some((list, i) => list !== known[i])) {
      known = lists
      joined = lists.every((list) => list !== undefined) ? [...new Set(lists.flat())] : undefined
    }
    return joined
  }
}

function describeText(node: Ir): string {
  const parts = partsOf(node).map(describeText)
  return JSON.stringify([node.op, detailOf(node), ...parts])
}

function detailOf(node: Ir): unknown {
  switch (node.op) {
    case 'constant':
      return [node.type.kind, String(node.value)]
    case 'variable':
    case 'call':
    case 'send':
      return node.name
    case 'field':
      return node.property
    case 'entry':
      return node.storage
    case 'ensure':
      return node.check
    case 'binary':
    case 'logical':
      return node.operator
    case 'slice':
      return [node.from === undefined, node.to === undefined]
    case 'inSet':
      return node.values
    case 'pattern':
      return node.pattern.source
    case 'containsAny':
      return node.texts
    default:
      return ''
  }
}
