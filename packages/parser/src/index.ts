export type {
  Enricher,
  ParserContext,
  RuleFailure,
  StashSettings,
  StashWriter,
} from './context.ts'
export { type GrokStep, grokText } from './grok-step.ts'
export { ParserNode } from './node.ts'
export type { NodeVerdict, ParseObserver } from './observer.ts'
export { readParserFile } from './read-parser.ts'
export { Stages } from './stages.ts'
