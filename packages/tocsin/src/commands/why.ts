import { escapeControls } from '@tocsin/diagnostic'
import { Command, Option } from 'commander'
import type { AddressExplanation } from '../daemon/explain-address.ts'
import { addStateOptions, type StateOptions } from '../lapi/state-options.ts'
import { type Streams, writeText } from '../terminal/streams.ts'
import { createStyle, type Style } from '../terminal/style.ts'
import { formatTable } from '../terminal/table.ts'
import { ask } from './status.ts'

interface WhyOptions extends StateOptions {
  readonly output: 'human' | 'json'
}

/** `tocsin why ADDRESS` */
export function whyCommand(streams: Streams): Command {
  const command = new Command('why')
    .description('why an address is banned, or is not')
    .argument('<address>', 'an address or a range')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['human', 'json'])
        .default('human'),
    )
  return addStateOptions(command).action(async (address: string, options: WhyOptions) => {
    const path = `/why?value=${encodeURIComponent(address)}`
    const answer = (await ask(options, 'GET', path, streams)) as AddressExplanation
    const text =
      options.output === 'json'
        ? `${JSON.stringify(answer, undefined, 2)}\n`
        : formatWhy(answer, createStyle(streams.stdout, streams.env))
    await writeText(streams.stdout, text)
  })
}

/** The verdict first, then what it rests on, then how to change it. */
export function formatWhy(answer: AddressExplanation, style: Style): string {
  const lines = [formatVerdict(answer, style)]
  if (answer.allowlists.length > 0) {
    lines.push('', style.bold('Never to be banned'))
    for (const match of answer.allowlists) lines.push(`  ${escapeControls(match)}`)
  }
  if (answer.decisions.length > 0) {
    const rows = answer.decisions.map(({ id, value, type, scenario, origin, left }) => [
      String(id),
      escapeControls(value),
      type,
      escapeControls(scenario),
      escapeControls(origin),
      left,
    ])
    const columns = ['id', 'value', 'action', 'scenario', 'origin', 'left']
    lines.push('', style.bold('Decisions'))
    lines.push(
      ...formatTable(
        columns.map((title) => ({ title })),
        rows,
        '  ',
      ),
    )
    lines.push(style.dim(`  undo: tocsin decisions delete --ip ${answer.value}`))
  }
  if (answer.alerts.length > 0) {
    lines.push('', style.bold('What it did'))
    for (const alert of answer.alerts) {
      lines.push(`  ${alert.created_at}  ${escapeControls(alert.message)}`)
    }
  }
  if (answer.decisions.length > 0 && answer.bouncers.length === 0) {
    lines.push('', style.red('No bouncer is known, so nothing enforces this.'))
  }
  return `${lines.join('\n')}\n`
}

function formatVerdict({ verdict, value, decisions, alerts }: AddressExplanation, style: Style) {
  const name = style.bold(escapeControls(value))
  switch (verdict) {
    case 'decided':
      return `${name}: ${style.red(decisions.map(({ type }) => type).join(', '))}`
    case 'allowlisted':
      return `${name} is allowlisted: whatever it does, it is not banned`
    case 'clear':
      return alerts.length > 0
        ? `${name} is not banned now; it was seen before`
        : `${name} is not banned, and nothing is known of it`
  }
}
