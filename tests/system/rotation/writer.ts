import { closeSync, openSync, writeSync } from 'node:fs'

/**
 * A program that writes numbered lines to a log as fast as told, one write a line, as daemons do:
 *
 *     writer.ts PATH LINES_PER_SECOND
 *
 * Told `reopen`, it opens its log anew, as after a rotation; told `stop`, it says how many lines it
 * wrote and ends.
 */
const [path = '', rate = '10000'] = process.argv.slice(2)
const tickMs = 5
let file = openSync(path, 'a')
let written = 0
const startedMs = performance.now()

const timer = setInterval(() => {
  const due = ((performance.now() - startedMs) / 1000) * Number(rate)
  while (written < due) writeSync(file, lineOf(written++))
}, tickMs)

process.on('message', (told) => {
  if (told === 'reopen') {
    closeSync(file)
    file = openSync(path, 'a')
  } else if (told === 'stop') {
    clearInterval(timer)
    closeSync(file)
    process.send?.(written, () => process.disconnect?.())
  }
})

function lineOf(number: number): string {
  const user = String(number).padStart(9, '0')
  return `Aug  1 12:00:00 host sshd[99]: Failed password for ${user} from 192.0.2.7 port 4242 ssh2\n`
}
