const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const special: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
])

/** Reads `1.5`, `-2e3`, `inf`; undefined for anything else, spaces included. Too large is infinite. */
export function readFloat(text: string): number | undefined {
  if (decimal.test(text)) return Number(text)
  const sign = text.startsWith('-') ? -1 : 1
  const value = special.get(text.replace(/^[+-]/, '').toLowerCase())
  return value === undefined ? undefined : sign * value
}
