import type { NodeResult, NodeResults } from '@tocsin/engine'

/** A map that answers for keys it does not have, without having them. */
class DefaultMap<V> extends Map<string, V> {
  readonly #fallback: V

  constructor(entries: Iterable<readonly [string, V]>, fallback: V) {
    super(entries)
    this.#fallback = fallback
  }

  override get(key: string): V {
    return super.get(key) ?? this.#fallback
  }
}

type NodeView = Map<string, readonly NodeResult[]>

/**
 * Recorded results as assertions see them: a stage or node that nothing reached is an empty list,
 * and a pseudo stage called `success` is always there.
 */
export function viewResults(results: NodeResults): Map<string, NodeView> {
  const nodeView = (nodes: Iterable<readonly [string, readonly NodeResult[]]>): NodeView =>
    new DefaultMap<readonly NodeResult[]>(nodes, [])
  const stages = [...results].map(([stage, nodes]) => [stage, nodeView(nodes)] as const)
  return new DefaultMap<NodeView>([...stages, ['success', nodeView([['', []]])]], nodeView([]))
}
