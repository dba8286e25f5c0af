/** Small values by name that outlive the process, and locks between processes. */
export interface ConfigStore {
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
  /** Takes a lock, stealing one older than `staleMs`; undefined when another holds it. */
  lock(name: string, staleMs: number): Promise<AsyncDisposable | undefined>
}
