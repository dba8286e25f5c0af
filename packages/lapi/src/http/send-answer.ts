import { once } from 'node:events'
import type { FastifyReply } from 'fastify'
import type { Answer } from './answer.ts'

/** Sends an answer, a long one as fast as the client takes it. */
export async function sendAnswer(reply: FastifyReply, answer: Answer): Promise<void> {
  reply.code(answer.status)
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value)
  if (answer.contentType !== undefined) reply.header('content-type', answer.contentType)
  if (answer.chunks) await sendChunks(reply, answer)
  else await reply.send(answer.body ?? '')
}

async function sendChunks(reply: FastifyReply, answer: Answer): Promise<void> {
  const { raw } = reply
  reply.hijack()
  raw.writeHead(answer.status, { 'content-type': answer.contentType ?? '' })
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  try {
    for (const chunk of answer.chunks ?? []) {
      if (gone.signal.aborted) return
      if (!raw.write(chunk)) await once(raw, 'drain', { signal: gone.signal })
    }
  } catch (error) {
    // The client went away in the middle: it asks again from where it was.
    if (gone.signal.aborted) return
    raw.destroy()
    throw error
  }
  raw.end()
  if (!gone.signal.aborted) answer.onSent?.()
}
