/** The variables of one template by scope; every declaration gets a slot of its own. */
export class Slots {
  readonly #scopes: Map<string, number>[] = [new Map([['', 0]])]
  count = 1

  /** Runs `read` in a scope that ends with it. */
  inScope<T>(read: () => T): T {
    this.#scopes.push(new Map())
    try {
      return read()
    } finally {
      this.#scopes.pop()
    }
  }

  declare(name: string): number {
    const slot = this.count++
    this.#scopes.at(-1)?.set(name, slot)
    return slot
  }

  find(name: string): number | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const slot = this.#scopes[i]?.get(name)
      if (slot !== undefined) return slot
    }
    return undefined
  }

  names(): string[] {
    return this.#scopes.flatMap((scope) => [...scope.keys()]).map((name) => `$${name}`)
  }
}
