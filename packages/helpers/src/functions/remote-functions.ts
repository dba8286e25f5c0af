import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import type { TextDict } from '@tocsin/model'
import { createTextDict } from '@tocsin/model'
import type { Cti, HttpReply, HttpRequests, InjectionDetector } from '../dependencies.ts'
import { ctiType } from '../types/cti-type.ts'
import { bool, dictOf, field, int, string, strings, struct } from '../types/types.ts'
import { reading } from './declare.ts'

const replyType = struct('HttpReply', () => ({
  StatusCode: field('statusCode', int),
  Body: field('body', string),
  Headers: field('headers', dictOf(strings)),
}))

/** `HTTPGet`, `CrowdsecCTI`… */
export function remoteFunctions(
  http: HttpRequests | undefined,
  cti: Cti | undefined,
): readonly FunctionDeclaration[] {
  const noHeaders = createTextDict()
  const send = (
    caller: string,
    method: string,
    url: string,
    headers: Readonly<TextDict> = noHeaders,
    body?: string,
  ): HttpReply => ask(http, caller, (requests) => requests.request(method, url, headers, body))
  return [
    reading('HTTPGet', [string], replyType, (url: string) => send('HTTPGet', 'GET', url)),
    reading('HTTPHead', [string], replyType, (url: string) => send('HTTPHead', 'HEAD', url)),
    reading(
      'HTTPPost',
      [string, string, string],
      replyType,
      (url: string, contentType: string, body: string) => {
        const headers = createTextDict()
        headers['Content-Type'] = contentType
        return send('HTTPPost', 'POST', url, headers, body)
      },
    ),
    reading(
      'HTTPRequest',
      [string, string, dictOf(string), string],
      replyType,
      (method: string, url: string, headers: Readonly<TextDict> | undefined, body: string) =>
        send('HTTPRequest', method, url, headers ?? noHeaders, body === '' ? undefined : body),
    ),
    reading('CrowdsecCTI', [string], ctiType, (ip: string) =>
      ask(cti, 'CrowdsecCTI', (service) => service.item(ip)),
    ),
  ]
}

/** `LibInjectionIsSQLI`, `LibInjectionIsXSS`. */
export function injectionFunctions(
  detector: InjectionDetector | undefined,
): readonly FunctionDeclaration[] {
  return [
    reading('LibInjectionIsSQLI', [string], bool, (text: string) =>
      ask(detector, 'LibInjectionIsSQLI', (by) => by.isSqlInjection(text)),
    ),
    reading('LibInjectionIsXSS', [string], bool, (text: string) =>
      ask(detector, 'LibInjectionIsXSS', (by) => by.isXss(text)),
    ),
  ]
}

/** Asks what may be absent or fail; either is a failure of the expression. */
function ask<Service, Answer>(
  service: Service | undefined,
  caller: string,
  question: (service: Service) => Answer,
): Answer {
  if (!service) throw new EvaluationError(`${caller} is not available in this role`)
  try {
    return question(service)
  } catch (cause) {
    throw new EvaluationError(`${caller} failed: ${messageOf(cause)}`, { cause })
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
