/** Makes of a line the lines that go on: none drops it. Compiled from `transform`. */
export type Transform = (raw: string) => readonly string[]

/** Applies a transform to lines in their order. */
export function transformLines(
  lines: readonly string[],
  transform: Transform | undefined,
): readonly string[] {
  if (!transform) return lines
  const result: string[] = []
  for (const line of lines) for (const made of transform(line)) result.push(made)
  return result
}
