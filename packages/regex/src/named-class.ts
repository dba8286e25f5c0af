import { CharSet, maxCodePoint } from './char-set.ts'

const digit = CharSet.of(0x30, 0x39)
const lower = CharSet.of(0x61, 0x7a)
const upper = CharSet.of(0x41, 0x5a)
const alpha = lower.union(upper)
const alnum = alpha.union(digit)
const word = alnum.union(CharSet.ofText('_'))
const graph = CharSet.of(0x21, 0x7e)

/** `\d`, `\s`, `\w`: ASCII only, and `\s` has no vertical tab. */
export const perlClasses: Readonly<Record<string, CharSet>> = {
  d: digit,
  s: CharSet.ofText('\t\n\f\r '),
  w: word,
}

/** `[:alpha:]` and its kin: ASCII only. */
export const posixClasses: ReadonlyMap<string, CharSet> = new Map([
  ['alnum', alnum],
  ['alpha', alpha],
  ['ascii', CharSet.of(0, 0x7f)],
  ['blank', CharSet.ofText('\t ')],
  ['cntrl', CharSet.of(0, 0x1f, 0x7f, 0x7f)],
  ['digit', digit],
  ['graph', graph],
  ['lower', lower],
  ['print', CharSet.of(0x20, 0x7e)],
  ['punct', graph.minus(alnum)],
  ['space', CharSet.ofText('\t\n\v\f\r ')],
  ['upper', upper],
  ['word', word],
  ['xdigit', digit.union(CharSet.of(0x41, 0x46, 0x61, 0x66))],
])

// A multiple of it ends where the one-unit characters do.
const blockSize = 0x800

/**
 * The characters of a Unicode category or script (`L`, `Lu`, `Greek`), as this runtime's Unicode
 * version has them; undefined when there is no such name. Takes some ms the first time.
 */
export function unicodeClass(name: string): CharSet | undefined {
  const known = memo.get(name)
  if (known) return known
  const set = name === 'Any' ? CharSet.all : readUnicodeClass(name)
  if (set) memo.set(name, set)
  return set
}

// Sets never change and there are some two hundred names.
const memo = new Map<string, CharSet>()

function readUnicodeClass(name: string): CharSet | undefined {
  const finder = categoryOrScript(name)
  if (!finder) return undefined
  const ranges: number[] = []
  for (let base = 0; base <= maxCodePoint; base += blockSize) {
    // The block of the surrogates holds no characters.
    if (base === 0xd800) continue
    const block = String.fromCodePoint(...Array.from({ length: blockSize }, (_, i) => base + i))
    const width = base > 0xffff ? 2 : 1
    for (const { 0: run, index } of block.matchAll(finder)) {
      const first = base + index / width
      ranges.push(first, first + run.length / width - 1)
    }
  }
  return CharSet.from(ranges)
}

function categoryOrScript(name: string): RegExp | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined
  // Categories have one or two letters (`L`, `Lu`), and so has one script (`Yi`).
  const properties = name.length <= 2 ? ['General_Category', 'Script'] : ['Script']
  for (const property of properties) {
    try {
      return new RegExp(`\\p{${property}=${name}}+`, 'gu')
    } catch {
      // The runtime is the catalogue of names: what it refuses does not exist.
    }
  }
  return undefined
}
