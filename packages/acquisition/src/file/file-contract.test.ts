import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTextDict, systemClock } from '@tocsin/model'
import { sourceContract } from '../source-contract.test-support.ts'
import { FileSource } from './file-source.ts'

for (const isPolling of [false, true]) {
  sourceContract(`FileSource${isPolling ? ', polling' : ''}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-contract-'))
    const path = join(folder, 'a.log')
    return {
      resumes: true,
      create: () =>
        new FileSource({
          ...{ filenames: [path], labels: createTextDict(), clock: systemClock },
          ...{ startAt: 'beginning', isPolling, timing: { pollMs: 10, breathMs: 1 } },
        }),
      write: async (...lines) => appendFileSync(path, lines.map((line) => `${line}\n`).join('')),
      writeBytes: async (bytes) => appendFileSync(path, bytes),
      [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
    }
  })
}
