export type { AssertionFailure } from './assertions.ts'
export type { GeneratedAssertions } from './generate-assertions.ts'
export { type RunOptions, runTest, type TestResult } from './run-test.ts'
