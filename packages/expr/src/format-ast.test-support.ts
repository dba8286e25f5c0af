import type { Ast } from './ast.ts'

/** A syntax tree as text with every grouping in parentheses. */
export function formatAst(node: Ast): string {
  switch (node.kind) {
    case 'nil':
      return 'nil'
    case 'bool':
    case 'int':
    case 'float':
      return String(node.value)
    case 'string':
    case 'bytes':
      return JSON.stringify(node.value)
    case 'name':
      return node.name
    case 'pointer':
      return `#${node.part}`
    case 'member': {
      const dot = node.isOptional ? '?.' : '.'
      return `${formatAst(node.object)}${dot}[${formatAst(node.key)}]`
    }
    case 'slice':
      return `${formatAst(node.object)}[${part(node.from)}:${part(node.to)}]`
    case 'chain':
      return `<${formatAst(node.body)}>`
    case 'call':
      return `${node.isForced ? '::' : ''}${node.name}(${node.args.map(formatAst).join(', ')})`
    case 'method':
      return `${formatAst(node.callee)}(${node.args.map(formatAst).join(', ')})`
    case 'closure':
      return `{${formatAst(node.body)}}`
    case 'unary':
      return `(${node.operator} ${formatAst(node.operand)})`
    case 'logical':
      return `(${node.operands.map(formatAst).join(` ${node.operator} `)})`
    case 'binary':
      return `(${formatAst(node.left)} ${node.operator} ${formatAst(node.right)})`
    case 'conditional':
      return `(${[node.condition, node.whenTrue, node.whenFalse].map(formatAst).join(' : ')})`
    case 'elvis':
      return `(${formatAst(node.condition)} ?: ${formatAst(node.whenFalse)})`
    case 'list':
      return `[${node.items.map(formatAst).join(', ')}]`
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${formatAst(key)}: ${formatAst(value)}`).join(', ')}}`
    case 'let':
      return `(let ${node.name} = ${formatAst(node.value)}; ${formatAst(node.body)})`
    case 'sequence':
      return `(${node.items.map(formatAst).join('; ')})`
  }
}

function part(node: Ast | undefined): string {
  return node ? formatAst(node) : ''
}
