import type { Logs } from './logs.ts'
import { type Measured, measure, timeCommand } from './measure.ts'

/** A question, what was asked for, and how a run answers it. */
export interface Row {
  readonly name: string
  readonly question: string
  readonly unit: 'lines/s' | 'MB' | 's' | 'ms'
  /** What it must reach, and what it should. */
  readonly floor: number
  readonly aim: number
  readonly isLong?: boolean
  /** One measurement of one checkout. */
  readonly run: (root: string) => Promise<Sample>
}

/** What one run gave: `{ value: 101_234, perCpuSecond: 104_020 }`. */
export interface Sample {
  readonly value: number
  /** Of a speed: the same for each second that the thread had a processor, for busy machines. */
  readonly perCpuSecond?: number
}

export interface RowSettings {
  readonly shared: string
  readonly logs: Logs
}

const collections = ['linux', 'sshd', 'nginx', 'base-http-scenarios', 'http-cve']

/** The rows of the table, in its order. Every run checks that its lines were understood. */
export function engineRows({ shared, logs }: RowSettings): readonly Row[] {
  const wholeHub = { hub: `${shared}/hub`, data: [`${shared}/hub-data`] }
  const hub = { ...wholeHub, collection: collections.map((name) => `crowdsecurity/${name}`) }
  const web = { log: logs.web, type: 'nginx' }
  const ssh = { log: logs.ssh, type: 'syslog' }
  const unwanted = { log: logs.unwanted, type: 'syslog' }
  const replay = async (root: string, task: object): Promise<Measured> =>
    (await measure(root, 'measure-replay.ts', task)) as Measured
  const speed = (task: object) => async (root: string) => {
    const { lines, seconds, threadSeconds } = await replay(root, task)
    return { value: lines / seconds, perCpuSecond: lines / threadSeconds }
  }
  const start = (rules: object) => async (root: string) => {
    const { startSeconds } = await replay(root, { ...rules, log: '/dev/null', type: 'nginx' })
    return { value: startSeconds }
  }
  const memory = (task: object) => async (root: string) => {
    const { residentBytes } = await replay(root, task)
    return { value: last(residentBytes) / 1e6 }
  }
  return [
    {
      ...{ name: 'web', unit: 'lines/s', floor: 100_000, aim: 200_000 },
      question: 'how fast is an access log, with the collections of the hub?',
      run: speed({ ...hub, ...web }),
    },
    {
      ...{ name: 'ssh', unit: 'lines/s', floor: 200_000, aim: 400_000 },
      question: 'how fast is an authentication log, with the same rules?',
      run: speed({ ...hub, ...ssh }),
    },
    {
      ...{ name: 'unwanted', unit: 'lines/s', floor: 800_000, aim: 1_500_000 },
      question: 'how fast are lines that no parser wants?',
      run: speed({ ...hub, ...unwanted }),
    },
    {
      // The time may be 1.3 times, and should be 1.1 times, that of the collections.
      ...{ name: 'web-whole-hub', unit: 'lines/s', floor: 77_000, aim: 182_000 },
      question: 'does a line cost more with every rule of the hub installed?',
      run: speed({ ...wholeHub, ...web }),
    },
    {
      ...{ name: 'web-own-rules', unit: 'lines/s', floor: 150_000, aim: 300_000 },
      question: 'how fast is an access log with the rules that come with Tocsin?',
      run: speed(web),
    },
    {
      ...{ name: 'memory', unit: 'MB', floor: 200, aim: 150 },
      question: 'how much memory does the access log leave behind?',
      run: memory({ ...hub, ...web }),
    },
    {
      ...{ name: 'memory-long', unit: 'MB', floor: 200, aim: 150, isLong: true },
      question: 'and how much when it is 25 times as long?',
      run: memory({ ...hub, ...web, times: 25 }),
    },
    {
      ...{ name: 'buckets', unit: 'MB', floor: 500, aim: 300 },
      question: 'how much memory do a million live buckets take?',
      run: async (root) => {
        const task = { ...hub, buckets: 1_000_000 }
        const { residentBytes } = await measure(root, 'measure-buckets.ts', task)
        return { value: last(residentBytes ?? 0) / 1e6 }
      },
    },
    {
      ...{ name: 'start', unit: 's', floor: 0.7, aim: 0.4 },
      question: 'how long from the start of the process until the collections are loaded?',
      run: start(hub),
    },
    {
      ...{ name: 'start-whole-hub', unit: 's', floor: 2.5, aim: 1.5 },
      question: 'and until the whole hub is?',
      run: start(wholeHub),
    },
    {
      ...{ name: 'version', unit: 'ms', floor: 80, aim: 50 },
      question: 'how long does `tocsin --version` take?',
      run: async (root) => ({ value: await timeCommand(root, ['--version']) }),
    },
  ]
}

function last(values: number | readonly number[]): number {
  return typeof values === 'number' ? values : (values.at(-1) ?? 0)
}

/** Whether more is better. */
export function isSpeed({ unit }: Row): boolean {
  return unit === 'lines/s'
}
