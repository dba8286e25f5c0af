/** What a command writes to; a terminal says so by `isTTY`. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** What a command reads and writes; results go to stdout, talk to stderr. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Ends a command: the message for stderr, and the exit status. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Writes all of a text, waiting where the reader is slow; a reader that went away is no failure. */
export async function writeText(stream: Output, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || ('code' in error && error.code === 'EPIPE')) resolve()
      else reject(error)
    })
  })
}
