import type { Resolver } from '../dns-cache.ts'

/** Names by address and addresses by name, and how often each was asked for. */
export interface FakeResolver extends Resolver {
  readonly asked: string[]
}

/** A resolver that knows what it is told: `{ '192.0.2.1': ['host.example.'] }`; rejects the rest. */
export function createFakeResolver(
  answers: Readonly<Record<string, readonly string[]>>,
): FakeResolver {
  const asked: string[] = []
  const ask = async (key: string): Promise<readonly string[]> => {
    asked.push(key)
    const answer = answers[key]
    if (!answer) throw new Error(`ENOTFOUND ${key}`)
    return answer
  }
  return { asked, reverse: ask, lookup: ask }
}
