import { type FunctionType, formatType } from '@tocsin/expr'
import { createFunctions } from '@tocsin/helpers'
import { templateFunctions } from '@tocsin/notify'
import { silentLog } from '@tocsin/telemetry'
import { createBuiltins } from '../../packages/expr/src/builtins.ts'
import { predicateBuiltins } from '../../packages/expr/src/predicate-builtins.ts'
import { builtinLines, functionLines } from './function-lines.ts'

/** `docs/reference/functions.md`: what expressions and templates may call. */
export function functionsPage(): string {
  const clock = { nowMs: () => 0 }
  const helpers = [...createFunctions({ clock, log: silentLog }).values()]
  const builtins = [...createBuiltins(clock).values()]
  const services = { clock, log: silentLog, hostname: '', variables: {} }
  const inTemplates = [...templateFunctions(services).keys()].sort()
  return `# Functions

Generated from the declarations: \`node tests/reference/main.ts\` writes this page.

## Of the engine

What filters, conditions, statics and profiles may call. A function that fails ends its expression, which
then counts as false; the event goes on.

${table(helpers.map(({ name, type }) => [name, signature(name, type), functionLines[name]]))}

## Of the expression language

${table(builtins.map(({ name, type }) => [name, signature(name, type), builtinLines[name]]))}

These go over a list with a predicate, in which \`#\` is the element: \`any(File("bad.txt"), {# == "x"})\`.

${table(
  [...predicateBuiltins.keys()].map((name) => [
    name,
    `${name}(list, {predicate})`,
    builtinLines[name],
  ]),
)}

## In notification templates

The functions of Go's \`text/template\`, of Sprig, and \`CrowdsecCTI\`, \`GetMeta\`, \`Hostname\`, \`HTMLEscape\`:

${inTemplates.map((name) => `\`${name}\``).join(' ')}
`
}

function signature(name: string, { parameters, required, rest, result }: FunctionType): string {
  const named = parameters.map((type, i) => {
    const text = formatType(type)
    return required !== undefined && i >= required ? `${text}?` : text
  })
  if (rest) named.push(`${formatType(rest)}…`)
  return `${name}(${named.filter((text) => text !== '').join(', ')}) → ${formatType(result)}`
}

function table(rows: readonly (readonly [string, string, string | undefined])[]): string {
  const lines = rows.map(([name, shape, line]) => {
    if (line === undefined)
      throw new Error(`tests/reference/function-lines.ts has no line for ${name}`)
    return `| \`${shape.replaceAll('|', '\\|')}\` | ${line} |`
  })
  return ['| Function | Gives |', '|---|---|', ...lines].join('\n')
}
