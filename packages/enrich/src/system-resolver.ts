import { Resolver as NodeResolver } from 'node:dns/promises'
import type { Resolver } from './dns-cache.ts'

/** The resolver of this machine; names get the trailing dot that the wire has and Node removes. */
export function createSystemResolver(timeoutMs = 3000): Resolver {
  const resolver = new NodeResolver({ timeout: timeoutMs, tries: 1 })
  return {
    async reverse(address) {
      const names = await resolver.reverse(address)
      return names.map((name) => (name.endsWith('.') ? name : `${name}.`))
    },
    async lookup(name) {
      const results = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    },
  }
}
