import { type Operation, operations } from '@tocsin/protocol'

const all: readonly Operation[] = Object.values(operations)

/** The methods a path has, for `Allow`; none when nobody knows the path. */
export function methodsOf(path: string): string[] {
  const segments = path.split('/')
  const methods = all
    .filter((operation) => fits(operation.path.split('/'), segments))
    .map(({ method }) => method)
  return [...new Set(methods)]
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, i) =>
    part.startsWith(':') ? segments[i] !== '' : part === segments[i],
  )
}
