import type { TSchema } from 'typebox'

/** The parts of JSON Schema that bodies use. */
interface Shape {
  readonly type?: string
  readonly title?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Where a value stands: for schema faults with indexes (`0.source.scope`), for mismatches without. */
interface Place {
  /** `0.source.scope`; empty for the whole body. */
  readonly path: string
  /** `Alert.source.scope`. */
  readonly field: string
}

const maxFaults = 50

/** Builds what a schema says out of decoded JSON, and remembers what is wrong with it. */
export class SchemaReader {
  /** The first value of another type than the schema wants; what follows was not read. */
  mismatch: string | undefined
  /** What is missing or out of bounds; the first fifty. */
  readonly faults: string[] = []

  read(schema: TSchema, json: unknown): unknown {
    const shape = schema as Shape
    const value = this.#value(shape, json, { path: '', field: titleOf(shape) })
    // `null` for a whole body is the empty value of its kind.
    if (value !== undefined || this.mismatch !== undefined) return value
    return shape.type === 'array'
      ? []
      : this.#object(shape, {}, { path: '', field: titleOf(shape) })
  }

  #value(shape: Shape, json: unknown, place: Place): unknown {
    if (json === null || json === undefined || this.mismatch !== undefined) return undefined
    switch (shape.type) {
      case 'string':
        return typeof json === 'string'
          ? this.#string(shape, json, place)
          : this.#mismatch(shape, json, place)
      case 'boolean':
        return typeof json === 'boolean' ? json : this.#mismatch(shape, json, place)
      case 'number':
        return typeof json === 'number' ? json : this.#mismatch(shape, json, place)
      case 'integer':
        return this.#integer(shape, json, place)
      case 'array':
        return Array.isArray(json)
          ? this.#array(shape, json, place)
          : this.#mismatch(shape, json, place)
      case 'object':
        if (typeof json !== 'object' || Array.isArray(json))
          return this.#mismatch(shape, json, place)
        return shape.properties
          ? this.#object(shape, json as Record<string, unknown>, place)
          : this.#record(shape, json as Record<string, unknown>, place)
      default:
        throw new Error(`bodies have no values of type ${shape.type}`)
    }
  }

  #string(shape: Shape, text: string, place: Place): string | undefined {
    // An empty optional text is an absent one.
    if (text === '' && shape.minLength !== undefined) return undefined
    const length =
      shape.minLength === undefined && shape.maxLength === undefined ? 0 : [...text].length
    if (shape.minLength !== undefined && length < shape.minLength) {
      this.#fault(`${place.path} in body should be at least ${shape.minLength} chars long`)
    }
    if (shape.maxLength !== undefined && length > shape.maxLength) {
      this.#fault(`${place.path} in body should be at most ${shape.maxLength} chars long`)
    }
    return text
  }

  #integer(shape: Shape, json: unknown, place: Place): number | undefined {
    const fits =
      Number.isSafeInteger(json) &&
      (json as number) >= (shape.minimum ?? -Infinity) &&
      (json as number) <= (shape.maximum ?? Infinity)
    return fits ? (json as number) : this.#mismatch(shape, json, place)
  }

  #array(shape: Shape, items: readonly unknown[], place: Place): unknown[] {
    const built: unknown[] = []
    const prefix = place.path === '' ? '' : `${place.path}.`
    for (let i = 0; i < items.length && this.mismatch === undefined; i++) {
      const item = this.#value(shape.items ?? {}, items[i], {
        path: `${prefix}${i}`,
        field: place.field,
      })
      // A null among objects carries nothing; among texts it is the empty one.
      if (item !== undefined) built.push(item)
      else if (shape.items?.type === 'string') built.push('')
    }
    return built
  }

  #object(shape: Shape, json: Record<string, unknown>, place: Place): Record<string, unknown> {
    const given = new Map<string, unknown>()
    for (const key of Object.keys(json)) given.set(key.toLowerCase(), json[key])
    const built: Record<string, unknown> = {}
    const prefix = place.path === '' ? '' : `${place.path}.`
    for (const [key, property] of Object.entries(shape.properties ?? {})) {
      const at = { path: prefix + key, field: `${place.field}.${key}` }
      const raw = Object.hasOwn(json, key) ? json[key] : given.get(key)
      const value = this.#value(property, raw, at)
      if (value !== undefined) built[key] = value
      else if (shape.required?.includes(key)) this.#fault(`${at.path} in body is required`)
    }
    return built
  }

  #record(shape: Shape, json: Record<string, unknown>, place: Place): Record<string, unknown> {
    const [values = {}] = Object.values(shape.patternProperties ?? {})
    const built: Record<string, unknown> = Object.create(null)
    for (const [key, raw] of Object.entries(json)) {
      const at = { path: `${place.path}.${key}`, field: place.field }
      const value = this.#value(values, raw, at)
      if (value !== undefined) built[key] = value
    }
    return built
  }

  #fault(sentence: string): void {
    if (this.faults.length < maxFaults && this.mismatch === undefined) this.faults.push(sentence)
  }

  #mismatch(shape: Shape, json: unknown, place: Place): undefined {
    const target = place.field.includes('.') ? `Go struct field ${place.field}` : `Go value`
    this.mismatch = `json: cannot unmarshal ${describe(json)} into ${target} of type ${goType(shape)}`
  }
}

function titleOf(shape: Shape): string {
  return shape.title ?? shape.items?.title ?? ''
}

function describe(json: unknown): string {
  if (Array.isArray(json)) return 'array'
  switch (typeof json) {
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(json) && Number.isSafeInteger(json) ? 'number' : `number ${json}`
    default:
      return typeof json
  }
}

/** How messages of existing servers call the type. */
function goType(shape: Shape): string {
  switch (shape.type) {
    case 'integer':
      return shape.format ?? 'int64'
    case 'number':
      return 'float64'
    case 'boolean':
      return 'bool'
    case 'array':
      return `[]${goType(shape.items ?? {})}`
    case 'object':
      return `models.${shape.title ?? 'Object'}`
    default:
      return 'string'
  }
}
