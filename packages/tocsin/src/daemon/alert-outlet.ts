import type { Alert } from '@tocsin/model'

/** Where alerts go. */
export interface AlertOutlet extends AsyncDisposable {
  /** Resolves once the alerts will not be lost any more, whatever happens to this process. */
  deliver(alerts: readonly Alert[]): Promise<void>
  /** How many are kept here because nobody takes them. */
  readonly waiting: number
}
