// node packages/enrich/bench/date.bench.ts

import { DateReader } from '@tocsin/enrich'
import { systemClock } from '@tocsin/model'

const lines = 300_000
const two = (value: number) => String(value).padStart(2, '0')
const clockText = (i: number) => `${two(i % 24)}:${two((i >> 5) % 60)}:${two(i % 60)}`
const shapes: Record<string, (i: number) => string> = {
  'rfc 3339': (i) => `2026-02-12T${clockText(i)}.123+02:00`,
  'access log': (i) => `12/Feb/2026:${clockText(i)} +0100`,
  syslog: (i) => `Feb 12 ${clockText(i)}`,
  'date and time': (i) => `2026-02-12 ${clockText(i)}`,
}
for (const [name, write] of Object.entries(shapes)) {
  for (const perSecond of [1, 20]) {
    const texts = Array.from({ length: lines }, (_, i) => write(Math.floor(i / perSecond)))
    let best = 0
    for (let round = 0; round < 4; round++) {
      const reader = new DateReader({ clock: systemClock })
      const before = process.cpuUsage()
      for (const text of texts) reader.read(text)
      best = Math.max(best, lines / process.cpuUsage(before).user)
    }
    console.log(`${name}, ${perSecond} lines a second: ${best.toFixed(1)} M/s of processor time`)
  }
}
