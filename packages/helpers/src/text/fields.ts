/** The runs between white space. */
export function splitFields(text: string): string[] {
  const fields: string[] = []
  let start = -1
  for (let i = 0; i <= text.length; i++) {
    if (i === text.length || isSpace(text.charCodeAt(i))) {
      if (start >= 0) fields.push(text.slice(start, i))
      start = -1
    } else if (start < 0) {
      start = i
    }
  }
  return fields
}

/** Whether a UTF-16 unit is white space as Unicode defines it (all of it is in the basic plane). */
function isSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 9 && unit <= 13)
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0
  return (
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  )
}
