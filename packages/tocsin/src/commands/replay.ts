import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { reportToJson } from '../replay/report-json.ts'
import { formatReport } from '../replay/report-text.ts'
import { runReplay } from '../replay/run-replay.ts'
import { chooseWorkerCount, sizeOfLog } from '../replay/worker-count.ts'
import { prepareDetection } from '../rules/prepare-detection.ts'
import { addRuleOptions, type RuleOptions } from '../rules/rule-options.ts'
import { Progress } from '../terminal/progress.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { createStyle } from '../terminal/style.ts'
import { parseLabels } from './labels.ts'

interface ReplayCommandOptions extends RuleOptions {
  readonly type?: string
  readonly labels?: string
  readonly output: 'human' | 'json'
  readonly profiles?: string
  readonly sample?: boolean
  readonly workers?: number
}

const sampleDirectory = join(import.meta.dirname, '../../sample')
const sampleLogs = ['auth.log', 'nginx-access.log'].map((name) => join(sampleDirectory, name))

/** `tocsin replay FILE…` */
export function replayCommand(streams: Streams): Command {
  const command = new Command('replay')
    .description('read logs once and report who attacked, how, and what would be decided')
    .argument('[file...]', 'logs, plain, gzip or zstd; - is standard input')
    .option('-t, --type <type>', 'the type of the logs; found out when left out')
    .option('--labels <k:v,…>', 'labels that the source would carry')
    .addOption(
      new Option(
        '--workers <count>',
        'how many threads parse; chosen by size and cores when left out',
      ).argParser(readWorkerCount),
    )
    .option('--profiles <file>', 'what is decided about an alert (profiles.yaml)')
    .option('--sample', 'replay the sample that comes with Tocsin')
    .addOption(
      new Option('-o, --output <format>', 'how to print the report')
        .choices(['human', 'json'])
        .default('human'),
    )
  return addRuleOptions(command).action(async (files: string[], options: ReplayCommandOptions) => {
    await replay(options.sample ? [...files, ...sampleLogs] : files, options, streams)
  })
}

async function replay(
  files: readonly string[],
  options: ReplayCommandOptions,
  streams: Streams,
): Promise<void> {
  if (files.length === 0) {
    throw new CommandError('Name a log file, or - for standard input, or --sample.', 2)
  }
  const prepared = prepareDetection(options, streams)
  const progress = new Progress(streams.stderr, performance.now())
  const report = await runReplay(files, {
    ...prepared,
    type: options.type,
    labels: parseLabels(options.labels),
    stdin: streams.stdin,
    workerCount: options.workers ?? chooseWorkerCount(files.map(sizeOfLog), availableParallelism()),
    newUuid: randomUUID,
    stopwatchMs: () => performance.now(),
    onProgress: (done, total, lines) => progress.update(performance.now(), done, total, lines),
  })
  progress.clear()
  const text =
    options.output === 'json'
      ? `${JSON.stringify(reportToJson(report), undefined, 2)}\n`
      : formatReport(report, createStyle(streams.stdout, streams.env))
  await writeText(streams.stdout, text)
  const unread = report.sources.filter((source) => source.failure !== undefined)
  if (unread.length > 0) {
    const list = unread.map(({ name, failure }) => `${name}: ${failure}`).join('\n')
    throw new CommandError(list)
  }
}

const mostWorkers = 64

function readWorkerCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= mostWorkers) return count
  throw new InvalidArgumentError(`It is a number from 1 to ${mostWorkers}.`)
}
