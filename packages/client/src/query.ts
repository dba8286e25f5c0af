/** Values of query parameters; lists are joined with commas, undefined is left out. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>

/** `v1/alerts?limit=1`: a path with its query, every value escaped. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    parameters.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`
}
