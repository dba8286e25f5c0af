type Column = Float64Array | Int32Array | Uint16Array | Uint8Array

/** The column itself when it is long enough, otherwise a longer copy, with room to grow. */
export function fitColumn<C extends Column>(column: C, length: number): C {
  if (length <= column.length) return column
  const grown = new (column.constructor as new (length: number) => C)(Math.ceil(length * 1.5))
  grown.set(column)
  return grown
}
