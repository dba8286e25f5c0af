import { Worker } from 'node:worker_threads'
import type { TestResult } from './run-test.ts'
import { type TestPlan, TestRunner } from './test-plan.ts'

/** Fewer tests than this are done before a thread has started. */
const fewTests = 8

/** What goes to a thread, and what comes back. */
export interface TestOrder {
  readonly index: number
  readonly name: string
}
export interface TestReport {
  readonly index: number
  readonly result: TestResult
}

/** Runs tests, `jobs` at a time, each in its own thread; the results in the order of the names. */
export async function runTests(
  names: readonly string[],
  plan: TestPlan,
  jobs: number,
): Promise<TestResult[]> {
  if (jobs < 2 || names.length < fewTests) {
    const runner = new TestRunner(plan)
    const results: TestResult[] = []
    for (const name of names) results.push(await runner.run(name))
    return results
  }
  const results: TestResult[] = new Array(names.length)
  const waiting = names.map((name, index) => ({ index, name }))
  await Promise.all(
    Array.from({ length: jobs }, () =>
      runThread(plan, waiting, (report) => {
        results[report.index] = report.result
      }),
    ),
  )
  return results
}

/** One thread that takes orders until none is left. */
function runThread(
  plan: TestPlan,
  waiting: TestOrder[],
  onReport: (report: TestReport) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./test-thread.ts', import.meta.url), { workerData: plan })
    const next = () => {
      const order = waiting.shift()
      if (order) worker.postMessage(order)
      else void worker.terminate().then(() => resolve(), reject)
    }
    worker.on('message', (report: TestReport) => {
      onReport(report)
      next()
    })
    worker.on('error', reject)
    next()
  })
}
