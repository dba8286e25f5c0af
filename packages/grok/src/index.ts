export type { GrokMiss } from './explain-miss.ts'
export { Grok } from './grok.ts'
export { GrokError, type GrokErrorCode } from './grok-error.ts'
export { type DefineResult, PatternLibrary } from './pattern-library.ts'
