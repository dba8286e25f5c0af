export type { Miss } from '@tocsin/regex'
export { Grok } from './grok.ts'
export { GrokError, type GrokErrorCode } from './grok-error.ts'
export { type DefineResult, PatternLibrary } from './pattern-library.ts'
