/** Lets one task at a time in, in the order they came. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve()

  /** Waits for its turn; what it returns lets the next one in. */
  async enter(): Promise<() => void> {
    const before = this.#tail
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#tail = promise
    await before
    return resolve
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
