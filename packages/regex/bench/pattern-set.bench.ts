import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { LiteralSet, PatternSet } from '../src/index.ts'
import { measure } from './measure.ts'

const file = `${process.env.TOCSIN_SHARED ?? '../shared'}/hub-data/web/bad_user_agents.regex.txt`
const sources = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
  : Array.from({ length: 600 }, (_, i) => `\\bbot${i}(?:\\.|-)agent\\b`)
const agents = Array.from(
  { length: 512 },
  (_, i) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.${i} (KHTML, like Gecko) ` +
    `Chrome/126.0.${i}.0 Safari/537.36`,
)
let next = 0
const agent = () => agents[next++ % agents.length] as string

console.log(`does the cost of a text grow with the patterns? (${sources.length} from a file)`)
for (const count of [10, 100, sources.length]) {
  const set = new PatternSet(sources.slice(0, count), { ignoreCase: true })
  assert.equal(set.matchesAny(agent()), false)
  measure(`${count} patterns`, 20_000, () => set.matchesAny(agent()))
}
const cached = new PatternSet(sources, { cacheSize: 1000 })
measure('all, with a cache', 20_000, () => cached.matchesAny(agent()))
measure('making the set', 1, () => new PatternSet(sources, { ignoreCase: true }))
const literals = new LiteralSet(sources)
measure('as literals', 20_000, () => literals.find(agent()))
