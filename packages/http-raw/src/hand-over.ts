import type { AnswerLine } from './answer-line.ts'
import type { Handler } from './handler.ts'
import type { HttpVersion, RequestHead } from './head.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { NO_BODY, type RequestBody } from './request-body.ts'
import type { Responder } from './respond.ts'
import { ServerRequest } from './server-request.ts'

/**
 * Calls the handler with a request that can be served. Throws `HTTP_UNMET_EXPECTATION` before, for one that expects what
 * nobody has defined (RFC 9110 §10.1.1), and then what the handler throws.
 */
export function handOver(
  head: RequestHead,
  body: RequestBody | undefined,
  responder: Responder,
  handler: Handler,
  { connection, settings }: Pick<AnswerLine, 'connection' | 'settings'>,
): Promise<void> | void {
  if (head.fields.has('expect')) takeExpectation(head, responder, settings.version)
  responder.request = head // from here on it is the handler's
  const request = new ServerRequest(head, body?.body ?? NO_BODY, responder, connection)
  return handler(request, responder.respond)
}

function takeExpectation(head: RequestHead, responder: Responder, version: HttpVersion): void {
  checkExpectations(head)
  // In 1.0 there is no 100 to wait for.
  responder.expectsContinue = expectsContinue(head) && version !== '1.0'
}
