/** How many texts are remembered: as many as an event has that rules compare without case. */
const slots = 8

/**
 * The same function, with its last results at hand. Dozens of filters change the case of the same
 * few texts of an event, one after the other.
 * Hot path: called by most filters about requests.
 */
export function rememberLast(change: (text: string) => string): (text: string) => string {
  const texts: string[] = new Array(slots).fill('')
  const results: string[] = new Array(slots).fill('')
  let next = 0
  return (text) => {
    if (text === '') return text
    for (let i = 0; i < slots; i++) {
      if (texts[i] === text) return results[i] as string
    }
    const result = change(text)
    texts[next] = text
    results[next] = result
    next = (next + 1) % slots
    return result
  }
}
