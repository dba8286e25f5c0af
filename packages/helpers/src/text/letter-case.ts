const nonAscii = /[^\x00-\x7f]/

/** Upper case, code point by code point: `ß` stays `ß`, as it has no single upper-case letter. */
export function toUpper(text: string): string {
  if (!nonAscii.test(text)) return text.toUpperCase()
  let upper = ''
  for (const letter of text) upper += single(letter.toUpperCase(), letter)
  return upper
}

/** Lower case, code point by code point: a final `Σ` is `σ`, whatever stands around it. */
export function toLower(text: string): string {
  if (!nonAscii.test(text)) return text.toLowerCase()
  let lower = ''
  // U+0130 is the one letter whose full lower case (i and a dot) differs from the simple one.
  for (const letter of text) lower += letter === 'İ' ? 'i' : single(letter.toLowerCase(), letter)
  return lower
}

/** JavaScript maps some letters to several; then the simple mapping is the letter itself. */
function single(mapped: string, letter: string): string {
  return mapped.length === letter.length || mapped.length === 1 ? mapped : letter
}
