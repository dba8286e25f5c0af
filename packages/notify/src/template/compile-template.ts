import { type Compute, compilePipeline, type Frame } from './compile-pipeline.ts'
import { printValue, sortedKeys } from './format-value.ts'
import { describe, type TemplateFunction } from './function.ts'
import type { Assignment, Body, DefinedTemplate, TemplateNode, TemplateTree } from './node.ts'
import { TemplateError } from './template-error.ts'
import { isDictionary, isList, isTrue, type Value } from './value.ts'

/** What a rendering may use before it is taken for a runaway. */
const maxSteps = 1_000_000
const maxLength = 8 * 1024 * 1024
const maxNesting = 100

/** One rendering: the text so far, and what it has cost. */
class Rendering {
  readonly parts: string[] = []
  #length = 0
  #steps = 0
  nesting = 0

  write(text: string): void {
    this.#length += text.length
    if (this.#length > maxLength) throw new Error(`the text is longer than ${maxLength} characters`)
    this.parts.push(text)
  }

  step(): void {
    if (++this.#steps > maxSteps) throw new Error(`more than ${maxSteps} steps`)
  }
}

/** How a node ended: on to the next one, or out of the body of a `range`. */
type Flow = 'next' | 'break' | 'continue'
type Run = (rendering: Rendering, frame: Frame) => Flow

interface Compiled {
  run: Run
  slotCount: number
}

/** Makes a function of a template that was read. It throws `TemplateError` for what fails. */
export function compileTree(
  tree: TemplateTree,
  functions: ReadonlyMap<string, TemplateFunction>,
): (dot: Value) => string {
  const compiler = new Compiler(functions)
  for (const [name, { slotCount }] of tree.defined) {
    // Known by name before their bodies are compiled: templates may call each other.
    compiler.defined.set(name, { run: () => 'next', slotCount })
  }
  for (const [name, template] of tree.defined) compiler.fill(name, template)
  const main = compiler.body(tree.main.body)
  return (dot) => {
    const rendering = new Rendering()
    const variables: Value[] = new Array(tree.main.slotCount).fill(undefined)
    variables[0] = dot
    main(rendering, { dot, variables })
    return rendering.parts.join('')
  }
}

class Compiler {
  readonly defined = new Map<string, Compiled>()
  readonly #functions: ReadonlyMap<string, TemplateFunction>

  constructor(functions: ReadonlyMap<string, TemplateFunction>) {
    this.#functions = functions
  }

  fill(name: string, template: DefinedTemplate): void {
    const compiled = this.defined.get(name)
    if (compiled) compiled.run = this.body(template.body)
  }

  body(nodes: Body): Run {
    const runs = nodes.map((node) => this.#node(node))
    return (rendering, frame) => {
      for (const run of runs) {
        const flow = run(rendering, frame)
        if (flow !== 'next') return flow
      }
      return 'next'
    }
  }

  #node(node: TemplateNode): Run {
    switch (node.kind) {
      case 'text':
        return (rendering) => {
          rendering.write(node.text)
          return 'next'
        }
      case 'output': {
        const compute = compilePipeline(node.pipeline, this.#functions)
        return guarded(node.pipeline, (rendering, frame) => {
          rendering.step()
          rendering.write(printValue(compute(frame)))
          return 'next'
        })
      }
      case 'assign': {
        const compute = this.#assignment(node.assignment)
        return (rendering, frame) => {
          rendering.step()
          compute(frame)
          return 'next'
        }
      }
      case 'if': {
        const test = this.#assignment(node.test)
        const body = this.body(node.body)
        const otherwise = this.body(node.otherwise)
        return (rendering, frame) => (isTrue(test(frame)) ? body : otherwise)(rendering, frame)
      }
      case 'with': {
        const compute = this.#assignment(node.value)
        const body = this.body(node.body)
        const otherwise = this.body(node.otherwise)
        return (rendering, frame) => {
          const dot = compute(frame)
          return isTrue(dot)
            ? body(rendering, { dot, variables: frame.variables })
            : otherwise(rendering, frame)
        }
      }
      case 'range':
        return this.#range(node)
      case 'template':
        return this.#call(node)
      case 'break':
        return () => 'break'
      case 'continue':
        return () => 'continue'
    }
  }

  #assignment({ slots, pipeline }: Assignment): Compute {
    const compute = compilePipeline(pipeline, this.#functions)
    const [slot] = slots
    if (slot === undefined) return compute
    return (frame) => {
      const value = compute(frame)
      frame.variables[slot] = value
      return value
    }
  }

  #range({ over, body, otherwise }: Extract<TemplateNode, { kind: 'range' }>): Run {
    const compute = compilePipeline(over.pipeline, this.#functions)
    const runBody = this.body(body)
    const runOtherwise = this.body(otherwise)
    const [first, second] = over.slots
    const keySlot = second === undefined ? undefined : first
    const valueSlot = second ?? first
    return guarded(over.pipeline, (rendering, frame) => {
      const { variables } = frame
      let isEmpty = true
      for (const [key, value] of entriesOf(compute(frame))) {
        isEmpty = false
        rendering.step()
        if (keySlot !== undefined) variables[keySlot] = key
        if (valueSlot !== undefined) variables[valueSlot] = value
        if (runBody(rendering, { dot: value, variables }) === 'break') break
      }
      return isEmpty ? runOtherwise(rendering, frame) : 'next'
    })
  }

  #call({ name, place, dot }: Extract<TemplateNode, { kind: 'template' }>): Run {
    const target = this.defined.get(name)
    if (!target) {
      throw new TemplateError(
        'TOC_NOTIFY_TEMPLATE',
        `there is no template "${name}"`,
        place,
        'write {{define "…"}} … {{end}} for it',
      )
    }
    const compute: Compute = dot ? compilePipeline(dot, this.#functions) : () => null
    return guarded(place, (rendering, frame) => {
      const value = compute(frame)
      const variables: Value[] = new Array(target.slotCount).fill(undefined)
      variables[0] = value
      if (++rendering.nesting > maxNesting) throw new Error('templates call each other without end')
      target.run(rendering, { dot: value, variables })
      rendering.nesting--
      return 'next'
    })
  }
}

/** What `range` goes over: a list, a dictionary by key, or the numbers below a number. */
function* entriesOf(value: Value): Generator<readonly [Value, Value]> {
  if (value === undefined || value === null) return
  if (isList(value)) {
    for (let i = 0; i < value.length; i++) yield [i, value[i]]
  } else if (isDictionary(value)) {
    for (const key of sortedKeys(value)) yield [key, value.get(key)]
  } else if (typeof value === 'number' && Number.isInteger(value)) {
    for (let i = 0; i < value; i++) yield [i, i]
  } else {
    throw new Error(`range cannot go over ${describe(value)}`)
  }
}

/** Gives what fails inside the place of its action. */
function guarded(place: { readonly start: number; readonly end: number }, run: Run): Run {
  return (rendering, frame) => {
    try {
      return run(rendering, frame)
    } catch (error) {
      if (error instanceof TemplateError) throw error
      const message = error instanceof Error ? error.message : String(error)
      throw new TemplateError('TOC_NOTIFY_RENDER', message, place)
    }
  }
}
