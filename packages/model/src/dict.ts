/** Text by name: `evt.Parsed`, `evt.Meta`, labels. A missing key is `undefined`, read as `""` by rules. */
export type TextDict = Record<string, string | undefined>
/** Decoded data by name: `evt.Unmarshaled`. */
export type DataDict = Record<string, unknown>

/**
 * A dictionary without inherited names, so that a key such as `constructor` or `__proto__` out of a
 * log line is only a key. Hot path: a class instance keeps fast hidden classes, which
 * `Object.create(null)` does not.
 */
export const Dict: new () => Record<string, never> = (() => {
  function Dict(this: object): void {}
  Dict.prototype = Object.create(null)
  return Dict as unknown as new () => Record<string, never>
})()

/** A new empty dictionary of texts. */
export function createTextDict(): TextDict {
  return new Dict()
}

/** A new empty dictionary of data. */
export function createDataDict(): DataDict {
  return new Dict()
}

/** A copy without inherited names, keys in the same order. */
export function copyTextDict(from: Readonly<TextDict>): TextDict {
  const copy = createTextDict()
  for (const key in from) copy[key] = from[key]
  return copy
}
