import { MemoryEnforcer } from './memory-enforcer.ts'
import { enforcerContract } from './testing/enforcer-contract.ts'

enforcerContract('memory', async () => {
  const clock = { nowMs: () => 1_767_225_600_000 }
  const enforcer = new MemoryEnforcer({ clock })
  return { enforcer, clock, lose: async () => enforcer.forget() }
})
