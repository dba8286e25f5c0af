import type { IncomingMessage } from 'node:http'
import { ClientError, isPassing } from './client-error.ts'
import type { HttpRequest } from './http-endpoint.ts'
import { isSuccess, readRefusal } from './read-reply.ts'

/** A server and what it takes to be accepted there. */
export interface Sender extends Disposable {
  readonly name: string
  send(request: HttpRequest): Promise<IncomingMessage>
}

/** A successful reply, its body unread, and who gave it. */
export interface GroupReply {
  readonly reply: IncomingMessage
  readonly sender: Sender
}

/**
 * Several servers that do the same work, tried in order. The one that answered is asked first from
 * then on, so that a client stays where its cursor is until that server fails.
 */
export class EndpointGroup implements Disposable {
  readonly #senders: readonly Sender[]
  #preferred = 0

  /** @throws {ClientError} `TOC_CLIENT_OPTIONS` when there is no server. */
  constructor(senders: readonly Sender[]) {
    if (senders.length === 0) {
      throw new ClientError('TOC_CLIENT_OPTIONS', 'no URL of a Local API is given')
    }
    this.#senders = senders
  }

  /**
   * Sends to the preferred server, then to the others while servers fail.
   * @throws {ClientError} The error of the last server asked; one that accepts neither who asks nor
   *   what is asked ends the round.
   */
  async send(request: HttpRequest): Promise<GroupReply> {
    let last: unknown
    for (let i = 0; i < this.#senders.length; i++) {
      const at = (this.#preferred + i) % this.#senders.length
      const sender = this.#senders[at]
      if (sender === undefined) continue
      try {
        const reply = await sender.send(request)
        if (!isSuccess(reply)) throw await readRefusal(reply, sender.name)
        this.#preferred = at
        return { reply, sender }
      } catch (error) {
        if (!(error instanceof ClientError && isPassing(error))) throw error
        last = error
      }
    }
    throw last
  }

  [Symbol.dispose](): void {
    for (const sender of this.#senders) sender[Symbol.dispose]()
  }
}
