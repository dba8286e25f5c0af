import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { Checkpoint, FileSource, type LineBatch } from '@tocsin/acquisition'
import { createTextDict, systemClock } from '@tocsin/model'

/**
 * A program that follows logs and notes the number of every line twice: in `FOLDER/counted`, whose
 * length is saved with the positions, as buckets are; and in `FOLDER/told`, which nothing takes back,
 * as an alert that was sent.
 *
 *     reader.ts FOLDER PATTERN…
 */
const [folder = '', ...filenames] = process.argv.slice(2)
const saveEveryMs = 200
const checkpoint = await Checkpoint.open(`${folder}/positions.json`)
const counted = openSync(`${folder}/counted`, 'a+')
const told = openSync(`${folder}/told`, 'a+')
let isReading = false
let countedBytes = typeof checkpoint.state === 'number' ? checkpoint.state : 0
// What was counted after the last save will be read again.
ftruncateSync(counted, countedBytes)

const source = new FileSource({
  ...{ filenames, labels: createTextDict(), clock: systemClock, startAt: 'beginning' },
})
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())

const keeping = checkpoint.keep([source], () => countedBytes, {
  ...{ everyMs: saveEveryMs, signal: stop.signal },
})
await source.start(take, stop.signal, checkpoint.positionOf(source))
await keeping
await checkpoint.save([source], countedBytes)
for (const file of [counted, told]) {
  fsyncSync(file)
  closeSync(file)
}
const { user, system } = process.cpuUsage()
process.send?.((user + system) / 1000, () => process.disconnect?.())

function take({ lines }: LineBatch): { parsedCount: number } {
  if (!isReading) process.send?.('reading')
  isReading = true
  const text = lines
    .map((line) => `${/password for (\d+)/.exec(line)?.[1] ?? `?${line}`}\n`)
    .join('')
  writeSync(told, text)
  countedBytes += writeSync(counted, text)
  return { parsedCount: lines.length }
}
