import type { Effect, Ir } from './ir.ts'
import { partsOf } from './ir-children.ts'

/** The strongest effect of any call inside. */
export function effectOf(node: Ir): Effect {
  // What a variable holds is unknown, and so is what calling it does.
  if (node.op === 'invoke') return 'writes'
  let effect: Effect = node.op === 'call' ? node.effect : 'pure'
  for (const part of partsOf(node)) {
    const inner = effectOf(part)
    if (inner === 'writes') return 'writes'
    if (inner === 'reads') effect = effect === 'writes' ? effect : 'reads'
  }
  return effect
}
