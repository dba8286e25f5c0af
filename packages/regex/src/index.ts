export { type CaptureInfo, chooseCaptures, listCaptures } from './capture-choice.ts'
export { type CompileOptions, compilePattern, compileTree } from './compile-pattern.ts'
export { compileGlob, type Glob, globMatches } from './glob.ts'
export { exampleText, type HostileOptions, hostileTexts } from './hostile-texts.ts'
export { type LiteralMatch, LiteralSet } from './literal-set.ts'
export { type CaptureNode, choice, type Node, repeat, sequence } from './node.ts'
export { type ParseOptions, parsePattern, type Reference } from './parse-pattern.ts'
export type {
  CompiledPattern,
  Miss,
  Pattern,
  PatternExec,
  PatternMatch,
  PatternOptions,
} from './pattern.ts'
export { PatternError, type PatternErrorCode } from './pattern-error.ts'
export { PatternSet, type PatternSetOptions } from './pattern-set.ts'
