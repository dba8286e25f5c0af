import type { CodeContext } from './code-context.ts'
import type { Ir, IrClosure, LoopName } from './ir.ts'
import { isNumber } from './types.ts'

type LoopIr = Ir & { readonly op: 'loop' }

/** How a search or a count goes: where it starts, what a match does. */
interface Search {
  readonly start: string
  readonly onMatch: (names: LoopNames) => string
  readonly isNegated?: boolean
  readonly isBackward?: boolean
  /** Whether what was gathered stands in the wrong order. */
  readonly isReversed?: boolean
}

interface LoopNames {
  readonly list: string
  readonly index: string
  readonly element: string
  readonly result: string
}

const searches: Partial<Readonly<Record<LoopName, Search>>> = {
  any: { start: 'false', onMatch: ({ result }) => `${result} = true; break` },
  none: { start: 'true', onMatch: ({ result }) => `${result} = false; break` },
  all: { start: 'true', isNegated: true, onMatch: ({ result }) => `${result} = false; break` },
  // One is found, a second undoes it.
  one: { start: 'false', onMatch: ({ result }) => `if (!(${result} = !${result})) break` },
  count: { start: '0', onMatch: ({ result }) => `${result}++` },
  find: { start: 'undefined', onMatch: found('element') },
  findIndex: { start: '-1', onMatch: found('index') },
  findLast: { start: 'undefined', isBackward: true, onMatch: found('element') },
  findLastIndex: { start: '-1', isBackward: true, onMatch: found('index') },
  filter: { start: '[]', onMatch: ({ result, element }) => `${result}.push(${element})` },
}

/** A builtin with a predicate as a plain loop; the code is the name that holds its result. */
export function generateLoop(context: CodeContext, node: LoopIr): string {
  const { writer } = context
  const [given = '', extra = 'undefined'] = context.expressions(
    node.extra ? [node.list, node.extra] : [node.list],
  )
  const list = writer.name()
  writer.line(`const ${list} = ${given}`)
  if (['filter', 'map', 'sortBy', 'groupBy'].includes(node.name)) writer.spend(`${list}.length`)
  const { closure } = node
  const index = closure ? `l${closure.index}` : writer.name()
  const result = writer.variable()
  const element = closure ? `l${closure.element}` : writer.name()
  const names: LoopNames = { list, index, element, result }
  const search = node.last === undefined ? searches[node.name] : lastMatches(node.last)
  if (search) generateSearch(context, node, names, search)
  else if (node.name === 'sum') generateSum(context, node, names)
  else if (closure) generateBuilding(context, { ...names, name: node.name, closure, extra })
  return result
}

function generateSearch(
  context: CodeContext,
  { closure }: LoopIr,
  names: LoopNames,
  { start, onMatch, isNegated = false, isBackward = false, isReversed = false }: Search,
): void {
  const { writer } = context
  writer.line(`${names.result} = ${start}`)
  openLoop(context, names, isBackward ? 'backward' : 'forward')
  const body = writer.captureBranch(() =>
    closure ? context.expression(closure.body) : writer.call('toBool', names.element, '"count"'),
  )
  writer.lines(body.lines)
  writer.line(`if (${isNegated ? `!${body.code}` : body.code}) { ${onMatch(names)} }`)
  writer.line('}')
  if (isReversed) writer.line(`${names.result}.reverse()`)
}

function generateSum(context: CodeContext, node: LoopIr, names: LoopNames): void {
  const { writer } = context
  const { closure } = node
  writer.line(`${names.result} = 0`)
  openLoop(context, names, 'forward')
  const body = writer.captureBranch(() =>
    closure ? context.expression(closure.body) : names.element,
  )
  writer.lines(body.lines)
  const isFact = closure && isNumber(closure.body.type) && !closure.body.isNullable
  writer.line(
    `${names.result} += ${isFact ? body.code : writer.call('toNumber', body.code, '"sum"')}`,
  )
  writer.line('}')
}

function generateBuilding(
  context: CodeContext,
  loop: LoopNames & {
    readonly name: LoopName
    readonly closure: IrClosure
    readonly extra: string
  },
): void {
  const { writer } = context
  const { name, closure, extra, list, element, result } = loop
  const accumulator = `l${closure.accumulator}`
  const hasStart = extra !== 'undefined'
  if (name === 'reduce') {
    if (!hasStart) writer.line(`if (${list}.length === 0) ${writer.call('emptyReduce')}`)
    writer.declare(accumulator)
    writer.line(`${accumulator} = ${hasStart ? extra : `${list}[0]`}`)
  }
  writer.line(`${result} = ${name === 'groupBy' ? 'new Map()' : '[]'}`)
  openLoop(context, loop, name === 'reduce' && !hasStart ? 'fromSecond' : 'forward')
  const body = writer.captureBranch(() => context.expression(closure.body))
  writer.lines(body.lines)
  if (name === 'groupBy') writer.line(writer.call('addToGroup', result, body.code, element))
  else if (name === 'reduce') writer.line(`${accumulator} = ${body.code}`)
  else writer.line(`${result}.push(${body.code})`)
  writer.line('}')
  if (name === 'reduce') writer.line(`${result} = ${accumulator}`)
  if (name === 'sortBy') {
    const direction = hasStart ? extra : '"asc"'
    writer.line(`${result} = ${writer.call('sortByKeys', list, result, direction)}`)
  }
}

function openLoop(
  { writer }: CodeContext,
  { list, index, element }: LoopNames,
  direction: 'forward' | 'backward' | 'fromSecond',
): void {
  const first = direction === 'fromSecond' ? 1 : 0
  writer.line(
    direction === 'backward'
      ? `for (let ${index} = ${list}.length - 1; ${index} >= 0; ${index}--) {`
      : `for (let ${index} = ${first}; ${index} < ${list}.length; ${index}++) {`,
  )
  writer.line(`const ${element} = ${list}[${index}]`)
}

function found(what: 'element' | 'index'): Search['onMatch'] {
  return (names) => `${names.result} = ${names[what]}; break`
}

/** A `filter` that ends as soon as it has so many from the end. */
function lastMatches(count: number): Search {
  return {
    start: '[]',
    isBackward: true,
    isReversed: true,
    onMatch: ({ result, element }) => `if (${result}.push(${element}) === ${count}) break`,
  }
}
