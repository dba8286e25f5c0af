import { join } from 'node:path'
import { Problems } from '@tocsin/diagnostic'
import type { DetectionServices } from '@tocsin/engine'
import { findDataFile, type HubTree, openHub } from '@tocsin/hub'
import { systemClock } from '@tocsin/model'
import { runTest, type TestResult } from './run-test.ts'

/** What tests run with; plain data, so that it can be handed to another thread. */
export interface TestPlan {
  /** The directory of the hub. */
  readonly hub: string
  readonly dataDirectories: readonly string[]
  readonly cityDatabase?: string | undefined
  readonly asnDatabase?: string | undefined
  /** The year of log dates that carry none; this one when left out. */
  readonly year?: number | undefined
  /** Forgives what the peer does not notice in assertions. */
  readonly peerCompat: boolean
}

/** Runs tests of one hub, one after the other. */
export class TestRunner {
  readonly #plan: TestPlan
  readonly #hub: HubTree
  readonly #services: DetectionServices

  constructor(plan: TestPlan) {
    this.#plan = plan
    this.#hub = openHub(plan.hub, new Problems())
    const { year, cityDatabase, asnDatabase, dataDirectories } = plan
    const startMs = systemClock.nowMs()
    this.#services = {
      // Recorded results come from runs too short for any time to pass.
      clock: { nowMs: () => startMs },
      findData: (file) => {
        for (const directory of dataDirectories) {
          const path = findDataFile(directory, file)
          if (path !== undefined) return path
        }
        return undefined
      },
      cityDatabase,
      asnDatabase,
      stopsAtFailedStage: true,
      ...(year === undefined ? {} : { currentYear: () => year }),
    }
  }

  run(name: string): Promise<TestResult> {
    const directory = join(this.#plan.hub, '.tests', name)
    const { peerCompat } = this.#plan
    return runTest(directory, { hub: this.#hub, services: this.#services, peerCompat })
  }
}
