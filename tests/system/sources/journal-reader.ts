import { execFileSync } from 'node:child_process'
import { JournalSource } from '@tocsin/acquisition'
import { createTextDict, systemClock } from '@tocsin/model'

/**
 * Run where a journald of its own listens: follows `sshd` in the journal through a restart and a
 * rotation, and prints the lines it got as JSON.
 */
const lines: string[] = []

async function follow(resume: unknown, act: () => void, count: number): Promise<unknown> {
  const source = new JournalSource({
    ...{ filters: ['SYSLOG_IDENTIFIER=sshd'], labels: createTextDict(), clock: systemClock },
  })
  const stop = new AbortController()
  const running = source.start(
    (batch) => {
      lines.push(...batch.lines)
      return { parsedCount: batch.lines.length }
    },
    stop.signal,
    resume,
  )
  // Until journalctl has found the end of the journal nothing tells that it has.
  await pause(1000)
  act()
  for (let waits = 0; lines.length < count && waits < 500; waits++) await pause(20)
  stop.abort()
  await running
  return source.position()
}

function log(message: string): void {
  const entry = `MESSAGE=${message}\nSYSLOG_IDENTIFIER=sshd\n`
  execFileSync('logger', ['--journald'], { input: entry })
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

log('before anybody looked')
const position = await follow(undefined, () => ['one', 'two'].forEach(log), 2)
log('while nobody looked')
execFileSync('journalctl', ['--rotate'], { stdio: 'ignore' })
log('in the next file')
await follow(
  position,
  () => {
    log('after that')
  },
  5,
)
process.stdout.write(JSON.stringify(lines))
