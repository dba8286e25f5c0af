import { type Clock, Duration, Instant, parseDuration, parseLayout } from '@tocsin/model'
import { type Builtin, builtin } from './builtin.ts'
import { fail } from './fail.ts'
import { Location } from './location.ts'
import { locationType } from './time-members.ts'
import { durationType, functionOf, stringType, timeType } from './types.ts'

/** What `date` tries when no layout is given. */
const layouts: readonly string[] = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
]

/** Builtins about time; `now` reads that clock. */
export function timeBuiltins(clock: Clock): readonly Builtin[] {
  const now = (zone?: string) => {
    const time = new Instant(clock.nowMs())
    return zone === undefined ? time : findZone(zone).at(time)
  }
  return [
    builtin('now', functionOf([stringType], timeType, { required: 0 }), now, { effect: 'reads' }),
    builtin('duration', functionOf([stringType], durationType), (text: string) => {
      const nanos = parseDuration(text)
      if (nanos === undefined) return fail(`duration cannot read ${JSON.stringify(text)}`)
      return new Duration(nanos)
    }),
    builtin(
      'date',
      functionOf([stringType, stringType, stringType], timeType, { required: 1 }),
      readDate,
    ),
    builtin('timezone', functionOf([stringType], locationType), findZone),
  ]
}

function readDate(text: string, layout?: string, zone?: string): Instant {
  for (const candidate of layout === undefined ? layouts : [layout]) {
    const time = parseLayout(text, candidate)
    if (!time) continue
    const hasZone = /Z07|-07|MST/.test(candidate)
    return zone === undefined || hasZone ? time : findZone(zone).fromWallClock(time)
  }
  return fail(`date cannot read ${JSON.stringify(text)}`)
}

function findZone(name: string): Location {
  return Location.find(name) ?? fail(`there is no time zone ${JSON.stringify(name)}`)
}
