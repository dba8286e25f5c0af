import { openLog, readLines } from '@tocsin/acquisition'
import { createTextDict, timeMode } from '@tocsin/model'
import { Command, Option } from 'commander'
import { explanationToJson } from '../explain/explanation-json.ts'
import { formatExplanation } from '../explain/explanation-text.ts'
import { LineExplainer } from '../explain/line-explainer.ts'
import { guessType, knownTypes } from '../replay/guess-type.ts'
import { prepareDetection } from '../rules/prepare-detection.ts'
import { addRuleOptions, type RuleOptions } from '../rules/rule-options.ts'
import { CommandError, type Streams, writeText } from '../terminal/streams.ts'
import { createStyle } from '../terminal/style.ts'
import { parseLabels } from './labels.ts'

interface ExplainOptions extends RuleOptions {
  readonly type?: string
  readonly log?: string
  readonly file?: string
  readonly labels?: string
  readonly failures?: boolean
  readonly verbose?: boolean
  readonly output: 'human' | 'json'
}

/** `tocsin explain [FILE|--log LINE]` */
export function explainCommand(streams: Streams): Command {
  const command = new Command('explain')
    .description('show what every rule made of every line, and why it did not match')
    .argument('[file]', 'a log; - is standard input')
    .option('-f, --file <file>', 'the same as the argument')
    .option('-l, --log <line>', 'one line instead of a file')
    .option('-t, --type <type>', 'the type of the log; found out when left out')
    .option('--labels <k:v,…>', 'labels that the source would carry')
    .option('--failures', 'only lines that reached no scenario')
    .option('-v, --verbose', 'show every value that changed')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['human', 'json'])
        .default('human'),
    )
  return addRuleOptions(command).action(
    async (file: string | undefined, options: ExplainOptions) => {
      await explain(file ?? options.file, options, streams)
    },
  )
}

async function explain(file: string | undefined, options: ExplainOptions, streams: Streams) {
  const lines = await readInput(file, options, streams)
  if (lines.length === 0) throw new CommandError('there is no line to explain')
  const { detection } = prepareDetection(options, streams)
  const explainer = new LineExplainer()
  const engine = detection.createEngine({
    mode: timeMode.replay,
    onAlert: () => {},
    observer: explainer,
  })
  const readAt = engine.now()
  const type = options.type ?? guessType(detection, lines.slice(0, 60), file ?? '', readAt)
  if (type === undefined) {
    const known = knownTypes(detection.rules.parsers).slice(0, 12).join(', ')
    throw new CommandError(`no parser takes this; give --type if you know better: ${known}, …`)
  }
  const labels = Object.assign(createTextDict(), parseLabels(options.labels), { type })
  const source = { name: file ?? 'argument', module: 'file', labels }
  const style = createStyle(streams.stdout, streams.env)
  const json: object[] = []
  for (const line of lines) {
    explainer.begin(line)
    engine.processLine(line, source, readAt)
    const explanation = explainer.end()
    if (options.failures && explanation.verdict === 'parsed') continue
    if (options.output === 'json') json.push(explanationToJson(explanation))
    else await writeText(streams.stdout, formatExplanation(explanation, options, style))
  }
  if (options.output === 'json') {
    await writeText(streams.stdout, `${JSON.stringify({ type, lines: json }, undefined, 2)}\n`)
  }
}

async function readInput(
  file: string | undefined,
  options: ExplainOptions,
  { stdin }: Streams,
): Promise<string[]> {
  if (options.log !== undefined) return [options.log]
  if (file === undefined) throw new CommandError('Name a log file, or give --log LINE.', 2)
  const lines: string[] = []
  const stream = file === '-' ? stdin : (await openLog(file)).stream
  const { failure } = await readLines(stream, file, (line) => lines.push(line))
  if (failure && lines.length === 0) throw new CommandError(failure.message)
  return lines
}
