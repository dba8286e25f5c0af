import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errnoOf } from '../errno.ts'

/** What expanding a pattern came across. */
export interface GlobVisitor {
  /** A directory where a path that matches may appear: watch it. */
  directory(path: string): void
  /** A directory that is there and could not be listed. */
  failure(path: string, cause: unknown): void
}

/** Deepest level below the fixed part that `**` goes down to. */
const deepestLevel = 16

/**
 * A pattern over absolute paths: `*` and `?` never match a slash but do match a leading dot,
 * `[a-c]` and `[!a]` are sets, a backslash takes the next character as it is, and `**` is any
 * number of directories.
 */
export class PathGlob {
  readonly pattern: string
  readonly isLiteral: boolean
  readonly #segments: readonly Segment[]

  /** @throws {SyntaxError} When a set is not closed or a backslash ends the pattern. */
  constructor(pattern: string) {
    this.pattern = pattern
    this.#segments = splitSegments(pattern).map(readSegment)
    this.isLiteral = this.#segments.every((segment) => typeof segment === 'string')
  }

  /** The paths that match now; a literal path whether it is there or not. */
  async expand(visitor: GlobVisitor): Promise<string[]> {
    const found = new Set<string>()
    await this.#walk('/', 0, 0, found, visitor)
    return [...found].sort()
  }

  async #walk(
    start: string,
    from: number,
    level: number,
    found: Set<string>,
    visitor: GlobVisitor,
  ): Promise<void> {
    let path = start
    let at = from
    for (let segment = this.#segments[at]; typeof segment === 'string'; ) {
      path = join(path, segment)
      segment = this.#segments[++at]
    }
    const segment = this.#segments[at]
    if (segment === undefined) {
      visitor.directory(dirname(path))
      if (this.isLiteral || (await isThere(path))) found.add(path)
      return
    }
    visitor.directory(path)
    const isLast = at === this.#segments.length - 1
    if (segment === anyDepth && !isLast) await this.#walk(path, at + 1, level, found, visitor)
    for (const entry of await list(path, visitor)) {
      const child = join(path, entry.name)
      if (segment === anyDepth) {
        // Links are not followed down: they may lead back up.
        if (entry.isDirectory() && level < deepestLevel) {
          await this.#walk(child, at, level + 1, found, visitor)
        } else if (isLast && !entry.isDirectory()) found.add(child)
      } else if (typeof segment !== 'string' && segment.test(entry.name)) {
        if (isLast) found.add(child)
        else if (entry.isDirectory() || entry.isSymbolicLink()) {
          await this.#walk(child, at + 1, level, found, visitor)
        }
      }
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (cause) {
    if (errnoOf(cause) !== undefined) return false
    throw cause
  }
}

async function list(path: string, visitor: GlobVisitor): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (cause) {
    const code = errnoOf(cause)
    if (code === undefined) throw cause
    // Not there, or a file where a directory was expected: nothing matches, as yet.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') visitor.failure(path, cause)
    return []
  }
}

const anyDepth = Symbol('**')
/** A name, a pattern for names, or any number of directories. */
type Segment = string | RegExp | typeof anyDepth

function splitSegments(pattern: string): string[] {
  return pattern.split('/').filter((segment) => segment !== '')
}

function readSegment(segment: string): Segment {
  if (segment === '**') return anyDepth
  let source = ''
  let literal = ''
  let isLiteral = true
  for (let at = 0; at < segment.length; at++) {
    const character = segment.charAt(at)
    if (character === '*') {
      // A run of stars is one star: it must not cost more.
      if (!source.endsWith('[^]*')) source += '[^]*'
      isLiteral = false
    } else if (character === '?') {
      source += '[^]'
      isLiteral = false
    } else if (character === '[') {
      const { text, end } = readSet(segment, at)
      source += text
      at = end
      isLiteral = false
    } else {
      if (character === '\\' && ++at === segment.length) {
        throw new SyntaxError(`a backslash at the end of "${segment}" stands for nothing`)
      }
      literal += segment.charAt(at)
      source += RegExp.escape(segment.charAt(at))
    }
  }
  return isLiteral ? literal : compile(source, segment)
}

function compile(source: string, segment: string): RegExp {
  try {
    return new RegExp(`^${source}$`)
  } catch (cause) {
    // All else is escaped: only the bounds of a range can be wrong.
    const message = `a range in "${segment}" ends before it begins`
    throw new SyntaxError(message, { cause })
  }
}

function readSet(segment: string, start: number): { text: string; end: number } {
  let at = start + 1
  const isNegated = segment[at] === '^' || segment[at] === '!'
  if (isNegated) at++
  let members = ''
  for (const first = at; at < segment.length; at++) {
    const character = segment.charAt(at)
    if (character === ']' && at > first) {
      return { text: `[${isNegated ? '^' : ''}${members}]`, end: at }
    }
    if (character === '-' && at > first && segment[at + 1] !== ']') members += '-'
    else if (character === '\\' && at + 1 < segment.length)
      members += escapeMember(segment.charAt(++at))
    else members += escapeMember(character)
  }
  throw new SyntaxError(`"[" in "${segment}" is not closed`)
}

function escapeMember(character: string): string {
  return /[\w]/.test(character) ? character : RegExp.escape(character)
}
