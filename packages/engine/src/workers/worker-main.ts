import { runWorkerThread } from './worker-thread.ts'

// The first module of a worker's thread.
runWorkerThread()
