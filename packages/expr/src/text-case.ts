import { isAscii } from './text-bytes.ts'

/** Upper case, letter by letter: a letter whose upper case is several letters (`ß`) stays. */
export function upperText(text: string): string {
  if (isAscii(text)) return text.toUpperCase()
  let upper = ''
  for (const letter of text) upper += single(letter, letter.toUpperCase())
  return upper
}

/** Lower case, letter by letter, whatever stands around it: `Σ` is always `σ`. */
export function lowerText(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  let lower = ''
  // The dotted capital I is the one letter whose single-letter lower case JavaScript does not give.
  for (const letter of text) lower += letter === 'İ' ? 'i' : single(letter, letter.toLowerCase())
  return lower
}

function single(letter: string, changed: string): string {
  const unit = changed.codePointAt(0) ?? 0
  return changed.length === (unit > 0xffff ? 2 : 1) ? changed : letter
}
