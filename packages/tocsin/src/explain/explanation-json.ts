import type { LineExplanation, NodeExplanation } from './line-explainer.ts'

/** One line of `explain -o json`. Keys are a contract: add, never rename. */
export function explanationToJson(explanation: LineExplanation): object {
  return {
    line: explanation.line,
    verdict: explanation.verdict,
    whitelist_reason: explanation.whitelistReason === '' ? null : explanation.whitelistReason,
    nodes: explanation.nodes.map(nodeToJson),
    scenarios: explanation.scenarios,
    overflows: explanation.overflows,
  }
}

function nodeToJson(node: NodeExplanation): object {
  return {
    stage: node.stage,
    name: node.name,
    verdict: node.verdict,
    success: node.verdict === 'taken',
    filter: node.filter === '' ? null : node.filter,
    changes: node.changes.map(({ path, before, after }) => ({
      path,
      before: before ?? null,
      after: after ?? null,
    })),
    miss: node.miss ?? null,
    children: node.children.map(nodeToJson),
  }
}
