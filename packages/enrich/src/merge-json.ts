import { createDataDict, type DataDict } from '@tocsin/model'

/**
 * Decodes a JSON object and merges its top-level keys into `into`; what is wrong when it is none.
 * Objects become dictionaries without inherited names: keys come out of log lines.
 */
export function mergeJson(text: string, into: DataDict): string | undefined {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'not an object'
  copyEntries(data, into)
  return undefined
}

/** Without recursion, because nesting is in the hands of who writes the line. */
function copyEntries(from: object, into: DataDict): void {
  const waiting: { from: object; into: DataDict | unknown[] }[] = [{ from, into }]
  const convert = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const copy = Array.isArray(value) ? [] : createDataDict()
    waiting.push({ from: value, into: copy })
    return copy
  }
  for (let task = waiting.pop(); task; task = waiting.pop()) {
    if (Array.isArray(task.into)) {
      for (const item of task.from as unknown[]) task.into.push(convert(item))
    } else {
      for (const [key, value] of Object.entries(task.from)) task.into[key] = convert(value)
    }
  }
}
