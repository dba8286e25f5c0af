import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder that goes when it is closed. */
export class TemporaryFolder implements AsyncDisposable {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  static async create(name: string): Promise<TemporaryFolder> {
    return new TemporaryFolder(await TemporaryFolder.make(name))
  }

  /** Makes `tocsin-NAME-xxxxxx` and gives its path. */
  static make(name: string): Promise<string> {
    return mkdtemp(join(tmpdir(), `tocsin-${name}-`))
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  /** Writes a file below the folder and gives its path. */
  async write(name: string, text: string): Promise<string> {
    const path = this.path(name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
