import { CommandError } from '../terminal/streams.ts'

/** Reads `k:v,k2:v2`. @throws {CommandError} When a pair has no name. */
export function parseLabels(text: string | undefined): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const pair of text === undefined || text === '' ? [] : text.split(',')) {
    const colon = pair.indexOf(':')
    if (colon < 1) throw new CommandError(`the label "${pair}" is not of the form name:value`, 2)
    labels[pair.slice(0, colon).trim()] = pair.slice(colon + 1).trim()
  }
  return labels
}
