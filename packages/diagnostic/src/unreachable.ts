/** Ends a switch over a union: a forgotten case does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`)
}
