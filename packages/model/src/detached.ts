/** Slices of a text are made from this length on; shorter ones are copies anyway. */
const shortestSlice = 13

/** A copy that does not hold on to the line, or the block, which the text was cut from. */
export function detached(text: string): string {
  return text.length < shortestSlice ? text : (JSON.parse(JSON.stringify(text)) as string)
}
