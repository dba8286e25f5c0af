import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { hostileGroups } from './corpus.ts'
import { LineMeter } from './measure-lines.ts'
import { loadRuleSet, ruleSets } from './rule-sets.ts'

/** What no line may take, and room for a machine with other things to do. */
const boundMs = 4 * 50
const budgetMs = 3500
/** Shares no divisor with the number of groups, nearly always: a walk over all kinds of them. */
const stride = 7919

for (const ruleSet of ruleSets) {
  const { name, skip } = ruleSet
  suite(`hostile lines against ${name}`, { skip }, () => {
    if (skip) return
    const { detection, patterns } = loadRuleSet(ruleSet)

    test('every pattern runs in linear time', (t) => {
      assert.ok(patterns.length > 40, `${patterns.length} patterns`)
      const others = patterns.filter(({ pattern }) => pattern.engine !== 'v8')
      for (const { rule, pattern } of others) t.diagnostic(`${rule}: ${pattern.engineReason}`)
      // The library engine is linear too, but slow: a rule that needs it should be noticed.
      assert.ok(others.length <= 1, others.map(({ rule }) => rule).join(', '))
    })

    test('no line takes long', (t) => {
      const groups = hostileGroups(detection.rules, patterns, 8)
      const meter = new LineMeter(detection, 3)
      const startedMs = performance.now()
      for (let i = 0; performance.now() - startedMs < budgetMs; i++) {
        // Every round takes another line of each group.
        const round = Math.floor(i / groups.length)
        const line = groups[(i * stride) % groups.length]?.().drop(round).next().value
        if (line) meter.measure(line)
      }
      t.diagnostic(`${meter.count} lines of ${groups.length} groups`)
      const slow = meter.slowest.map((line) => {
        return `${line.ms.toFixed(1)} ms: ${line.rule} (${line.type})`
      })
      for (const text of slow) t.diagnostic(text)
      assert.ok(meter.count >= 20, `only ${meter.count} lines`)
      assert.ok((meter.slowest[0]?.ms ?? 0) <= boundMs, slow.join('\n'))
    })
  })
}
