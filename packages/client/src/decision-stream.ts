import type { IncomingMessage } from 'node:http'
import type { DecisionReply } from '@tocsin/protocol'
import { ClientError } from './client-error.ts'
import type { GroupReply, Sender } from './endpoint-group.ts'
import { backOffMs, type Pacing } from './pacing.ts'
import { withQuery } from './query.ts'
import { readDecisions } from './read-decisions.ts'
import { sleepOrAbort } from './retry.ts'
import { StreamParser } from './stream-parser.ts'

export interface StreamOptions {
  /** From one pull to the next; 10 s when absent. */
  readonly intervalMs?: number
  /** `['ip', 'range']`; all that servers send by themselves when absent. */
  readonly scopes?: readonly string[]
  readonly origins?: readonly string[]
  readonly scenariosContaining?: readonly string[]
  readonly scenariosNotContaining?: readonly string[]
  /**
   * False asks for every decision, also those that a longer one about the same value hides: only so is
   * the end of one decision among several always heard. Servers hide them when absent.
   */
  readonly dedup?: boolean
  readonly signal?: AbortSignal
}

/**
 * What a pull brought. A snapshot is everything that is to be enforced: what it does not name is over,
 * whatever was known before. It comes first, and again whenever a delta may have been lost. A failure
 * changes nothing: keep enforcing, the next pull follows by itself.
 */
export type DecisionUpdate =
  | {
      readonly kind: 'snapshot' | 'delta'
      readonly added: readonly DecisionReply[]
      /** Apply before `added`. */
      readonly deleted: readonly DecisionReply[]
      /** Remaining durations count from here. */
      readonly receivedMs: number
      /** Items that were too long to be decisions, and are left out. */
      readonly skipped: number
      readonly server: string
    }
  | {
      readonly kind: 'failure'
      readonly error: ClientError
      /** In a row. */
      readonly failures: number
      readonly nextPullMs: number
    }

export type SendPull = (path: string, signal: AbortSignal | undefined) => Promise<GroupReply>

const firstRetryMs = 1_000

/** The loop behind `BouncerClient.stream`. */
export async function* followDecisions(
  send: SendPull,
  pacing: Pacing,
  options: StreamOptions,
): AsyncGenerator<DecisionUpdate, void, undefined> {
  const intervalMs = options.intervalMs ?? 10_000
  const retryPolicy = { attempts: 0, firstDelayMs: firstRetryMs, maxDelayMs: intervalMs }
  const { signal } = options
  /** The server that holds our cursor; undefined until it is known to be right. */
  let cursor: Sender | undefined
  let failures = 0
  while (!signal?.aborted) {
    const startMs = pacing.clock.nowMs()
    let waitMs = intervalMs
    try {
      const update = await pull(send, pacing, options, cursor)
      cursor = update.sender
      failures = 0
      yield update.update
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      if (error.code === 'TOC_CLIENT_ABORTED') return
      // The server may have moved our cursor past changes that never arrived.
      if (mayHaveMovedCursor(error)) cursor = undefined
      failures++
      waitMs = Math.min(intervalMs, backOffMs(retryPolicy, failures, pacing.random()))
      const nextPullMs = pacing.clock.nowMs() + waitMs
      yield { kind: 'failure', error, failures, nextPullMs }
    }
    const leftMs = startMs + waitMs - pacing.clock.nowMs()
    try {
      await sleepOrAbort(pacing, Math.max(0, leftMs), signal)
    } catch (error) {
      if (error instanceof ClientError) return
      throw error
    }
  }
}

function mayHaveMovedCursor(error: ClientError): boolean {
  return error.code === 'TOC_CLIENT_INTERRUPTED' || error.code === 'TOC_CLIENT_REPLY'
}

interface Pulled {
  readonly update: DecisionUpdate
  readonly sender: Sender
}

async function pull(
  send: SendPull,
  pacing: Pacing,
  options: StreamOptions,
  cursor: Sender | undefined,
): Promise<Pulled> {
  const { reply, sender } = await send(pullPath(options, cursor === undefined), options.signal)
  if (cursor !== undefined && sender !== cursor) {
    // Another server answered; its idea of what we know is not that of the one before.
    reply.destroy()
    return pull(send, pacing, options, undefined)
  }
  const receivedMs = pacing.clock.nowMs()
  const { added, deleted, skipped } = await readUpdate(reply, sender.name, options.signal)
  const kind = cursor === undefined ? 'snapshot' : 'delta'
  const update = { kind, added, deleted, receivedMs, skipped, server: sender.name } as const
  return { update, sender }
}

function pullPath(options: StreamOptions, isStartup: boolean): string {
  return withQuery('v1/decisions/stream', {
    startup: isStartup,
    scopes: options.scopes,
    origins: options.origins,
    scenarios_containing: options.scenariosContaining,
    scenarios_not_containing: options.scenariosNotContaining,
    dedup: options.dedup,
  })
}

async function readUpdate(
  reply: IncomingMessage,
  server: string,
  signal: AbortSignal | undefined,
): Promise<{ added: DecisionReply[]; deleted: DecisionReply[]; skipped: number }> {
  const added: DecisionReply[] = []
  const deleted: DecisionReply[] = []
  const parser = new StreamParser((key, items) => {
    const list = key === 'new' ? added : key === 'deleted' ? deleted : undefined
    if (list === undefined) return
    for (const decision of readDecisions(JSON.parse(items), server)) list.push(decision)
  })
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) parser.push(chunk)
  } catch (error) {
    if (error instanceof ClientError) throw error
    if (signal?.aborted) throw new ClientError('TOC_CLIENT_ABORTED', 'the stream was ended')
    if (error instanceof SyntaxError) {
      throw new ClientError('TOC_CLIENT_REPLY', `${server}: the stream is not JSON`)
    }
    throw new ClientError('TOC_CLIENT_INTERRUPTED', `${server}: the stream broke off`, {
      cause: error,
    })
  }
  if (!parser.isComplete) {
    throw new ClientError('TOC_CLIENT_INTERRUPTED', `${server}: the stream ended too early`)
  }
  return { added, deleted, skipped: parser.skipped }
}
