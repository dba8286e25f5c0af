/**
 * How fast is the Local API, and how much memory does it take, with a million live decisions? The
 * packaged `crowdsec` of Debian, run beside it with 100,000, is the second opinion.
 *
 * `npm run bench:api -- [--decisions 1000000] [--bouncers 100] [--seconds 10] [--no-peer] [--json]`
 *
 * The server has one core, this load generator another. Every answer is checked before it is timed.
 */
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type DebianPeers, prepareDebianPeers } from '../system/support/debian-packages.ts'
import { run } from '../system/support/run.ts'
import { TemporaryFolder } from '../system/support/temporary-folder.ts'
import { type BenchServer, createCrowdsec, createTocsin } from './bench-server.ts'
import { type Measure, measureApi } from './measure-api.ts'

const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '1000000' },
    bouncers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    'no-peer': { type: 'boolean', default: false },
    'peer-only': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

/** With 100 at once, old servers take more memory than most machines have. */
const peerDecisions = 100_000
const peerBouncers = 10

interface Column {
  readonly server: string
  readonly decisions: number
  readonly measures: readonly Measure[]
}

const talk = (sentence: string) => process.stderr.write(`${sentence}\n`)
const clientCore = cpus().length > 1 ? '1' : '0'
await run('taskset', ['-acp', clientCore, String(process.pid)])

async function measureColumn(
  create: (folder: TemporaryFolder) => Promise<BenchServer>,
  decisions: number,
  bouncers: number,
): Promise<Column> {
  await using folder = await TemporaryFolder.create('bench')
  await using server = await create(folder)
  const seconds = Number(values.seconds)
  const measures = await measureApi(server, { decisions, bouncers, seconds, talk })
  return { server: server.name, decisions, measures }
}

const columns: Column[] = []
if (!values['peer-only']) {
  const ours = (decisions: number, bouncers: number) =>
    measureColumn(createTocsin, decisions, bouncers)
  columns.push(await ours(Number(values.decisions), Number(values.bouncers)))
  if (!values['no-peer']) columns.push(await ours(peerDecisions, peerBouncers))
}
if (!values['no-peer']) {
  const peers = await prepareDebianPeers()
  if (peers.kind === 'skip') talk(`no second opinion: ${peers.reason}`)
  else columns.push(await measurePeer(peers))
}

function measurePeer(peers: DebianPeers): Promise<Column> {
  return measureColumn((folder) => createCrowdsec(folder, peers), peerDecisions, peerBouncers)
}

const about = {
  date: new Date().toISOString(),
  node: process.version,
  linux: release(),
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? ''}`,
  memoryMb: Math.round(totalmem() / 1024 ** 2),
}
if (values.json) console.log(JSON.stringify({ about, columns }, undefined, 2))
else console.log(formatTable(columns))

/** Markdown, one measure a row. */
function formatTable(all: readonly Column[]): string {
  const names = [...new Set(all.flatMap(({ measures }) => measures.map(({ name }) => name)))]
  const rows = names.map((name) => [
    name,
    ...all.map(({ measures }) => {
      const found = measures.find((measure) => measure.name === name)
      return found ? `${formatNumber(found.value)} ${found.unit}` : '–'
    }),
  ])
  const head = ['', ...all.map((c) => `${c.server}, ${c.decisions.toLocaleString('en')} decisions`)]
  return [head, ['---', ...all.map(() => '---:')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function formatNumber(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2)
}
