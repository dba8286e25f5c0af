const known: Readonly<Record<string, string>> = {
  ip: 'Ip',
  range: 'Range',
  as: 'AS',
  country: 'Country',
}

/** `ip` → `Ip`, `RANGE` → `Range`, `As` → `AS`; a scope of another name stays as it is written. */
export function normalScope(scope: string): string {
  const lower = scope.toLowerCase()
  return Object.hasOwn(known, lower) ? (known[lower] ?? scope) : scope
}
