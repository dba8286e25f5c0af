import { existsSync, writeFileSync } from 'node:fs'
import { runWorkerThread } from './worker-thread.ts'

// A worker that dies of some blocks: of `poison` always, of `once=FILE` while there is no such file,
// and that never comes to an end with `stuck`.
runWorkerThread((bytes) => {
  const text = bytes.toString()
  if (text.includes('poison')) throw new Error('poisoned')
  const marker = /once=(\S+)/.exec(text)?.[1]
  if (marker !== undefined && !existsSync(marker)) {
    writeFileSync(marker, '')
    throw new Error('poisoned once')
  }
  while (text.includes('stuck')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
})
