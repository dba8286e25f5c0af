import type { Store } from '@tocsin/store'
import { json } from '../http/answer.ts'
import type { Handlers } from './handler.ts'

/** Whether the server answers, and whether the database does. */
export function healthRoutes(store: Store): Handlers {
  return {
    health: () => json(200, { status: 'up' }),
    ready: async () => {
      try {
        await store.ping()
      } catch {
        // Why is in the store's log; whoever balances load only needs to know that.
        return json(503, { status: 'down' })
      }
      return json(200, { status: 'up' })
    },
  }
}
