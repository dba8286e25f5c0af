import type { Store, StoreDeps, StoreSettings } from './store.ts'
import { StoreError } from './store-error.ts'

/** Opens the database, brings its schema up to date and loads what is answered from memory. */
export async function openStore(_settings: StoreSettings, _deps: StoreDeps): Promise<Store> {
  throw new StoreError('TOC_STORE_OPEN', 'not built yet')
}
