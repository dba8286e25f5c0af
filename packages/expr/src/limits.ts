/** Most nodes of one expression; a longer one does not compile. */
export const maxNodes = 10_000
/** Deepest nesting; chains of `&&` and `||` do not count. */
export const maxNesting = 400
/** Most elements that one evaluation may create. */
export const maxElements = 1_000_000
/** Longest text that `repeat` may create, in UTF-16 units. */
export const maxTextLength = 16 * 1024 * 1024
