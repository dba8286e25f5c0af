/**
 * How fast is the engine, how much memory does it take, how soon is it there? Every answer is the
 * median of several runs, each in a process of its own. Run it with `npm run bench`:
 *
 *   --runs N        so many runs of each row (5)
 *   --row NAME      only this row (repeatable)
 *   --compare REV   an older revision beside this one, run by run in turns
 *   --lines N --rate N --seed N   the workload (200,000 lines, 5,000 a second, seed 42)
 *   --long          the rows that take minutes, too
 *   --json          `{"web": {"median": 101234, "unit": "lines/s", …}, …}`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkOut } from './checkout.ts'
import { makeLogs } from './logs.ts'
import { type Spread, spreadOf } from './measure.ts'
import { engineRows, isSpeed, type Row, type Sample } from './rows.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    row: { type: 'string', multiple: true },
    compare: { type: 'string' },
    lines: { type: 'string', default: '200000' },
    rate: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '42' },
    long: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const root = resolve(import.meta.dirname, '../../../..')
const shared = resolve(root, process.env.TOCSIN_SHARED ?? '../shared')
const directory = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
try {
  await main()
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const [lines, rate, seed] = [options.lines, options.rate, options.seed].map(Number)
  if (!lines || !rate || seed === undefined)
    throw new Error('--lines, --rate and --seed take numbers')
  const logs = await makeLogs({ shared, directory, lines, rate, seed })
  const all = engineRows({ shared, logs })
  const unknown = options.row?.find((name) => !all.some((row) => row.name === name))
  if (unknown !== undefined) {
    throw new Error(`no row "${unknown}"; there are ${all.map((row) => row.name).join(', ')}`)
  }
  const rows = all.filter((row) =>
    options.row ? options.row.includes(row.name) : options.long || !row.isLong,
  )
  using before =
    options.compare === undefined ? undefined : checkOut(root, options.compare, directory)
  const results: Record<string, Result> = {}
  if (!options.json) printHead(before !== undefined)
  for (const row of rows) {
    const now: Sample[] = []
    const then: Sample[] = []
    for (let i = 0; i < Number(options.runs); i++) {
      if (before) then.push(await row.run(before.root))
      now.push(await row.run(root))
    }
    const result = resultOf(row, now, then)
    results[row.name] = result
    if (!options.json) printRow(row, result)
  }
  printWholeHub(results)
  if (options.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`)
}

interface Result extends Spread {
  readonly unit: Row['unit']
  readonly floor: number
  readonly aim: number
  /** Median of a speed for each second that the thread had a processor. */
  readonly perCpuSecond?: number
  /** Of the older revision. */
  readonly before?: Omit<Result, 'unit' | 'floor' | 'aim'>
}

function resultOf(
  { unit, floor, aim }: Row,
  now: readonly Sample[],
  then: readonly Sample[],
): Result {
  const before = then.length > 0 ? { before: summaryOf(then) } : {}
  return { ...summaryOf(now), unit, floor, aim, ...before }
}

function summaryOf(samples: readonly Sample[]) {
  const perCpu = samples.flatMap(({ perCpuSecond }) => perCpuSecond ?? [])
  return {
    ...spreadOf(samples.map(({ value }) => value)),
    ...(perCpu.length > 0 ? { perCpuSecond: spreadOf(perCpu).median } : {}),
  }
}

function printHead(hasOlder: boolean): void {
  const older = hasOlder ? `${(options.compare ?? '').padStart(12)}  CHANGE` : ''
  console.log(
    [
      'ROW'.padEnd(17),
      'MEDIAN'.padStart(10),
      'PER CPU S'.padStart(11),
      `  ${'SPREAD'.padEnd(26)}`,
      'FLOOR'.padStart(9),
      'AIM'.padStart(11),
      `  ${older}`,
    ].join(''),
  )
}

function printRow(row: Row, { median, least, most, perCpuSecond, before }: Result): void {
  const show = (value: number) =>
    row.unit === 's' ? value.toFixed(2) : Math.round(value).toLocaleString('en')
  const isReached = isSpeed(row) ? median >= row.floor : median <= row.floor
  const cells = [
    row.name.padEnd(17),
    show(median).padStart(10),
    (perCpuSecond === undefined ? '' : show(perCpuSecond)).padStart(11),
    `  ${`${show(least)}–${show(most)} ${row.unit}`.padEnd(26)}`,
    show(row.floor).padStart(9),
    show(row.aim).padStart(11),
    before
      ? `  ${show(before.median).padStart(12)}  ${changeOf(row, median, before.median)} ×`
      : '',
    isReached ? '' : '  short',
  ]
  console.log(cells.join(''))
}

function changeOf(row: Row, now: number, then: number): string {
  return (isSpeed(row) ? now / then : then / now).toFixed(2)
}

function printWholeHub(results: Readonly<Record<string, Result>>): void {
  const [few, all] = [results.web?.median, results['web-whole-hub']?.median]
  if (options.json || few === undefined || all === undefined) return
  const factor = (few / all).toFixed(2)
  console.log(`with the whole hub a line takes ${factor} times as long (floor 1.3, aim 1.1)`)
}
