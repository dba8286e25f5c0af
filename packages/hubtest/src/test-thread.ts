import { parentPort, workerData } from 'node:worker_threads'
import type { TestOrder, TestReport } from './run-tests.ts'
import { type TestPlan, TestRunner } from './test-plan.ts'

const runner = new TestRunner(workerData as TestPlan)

parentPort?.on('message', async ({ index, name }: TestOrder) => {
  const report: TestReport = { index, result: await runner.run(name) }
  parentPort?.postMessage(report)
})
