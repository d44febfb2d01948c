/**
 * What an EventSource does after an answer (HTML §9.2.3).
 *
 * ```text
 * HTTP/1.1 200 OK                              open: read the events
 * Content-Type: text/event-stream
 *
 * HTTP/1.1 204 No Content                      stop: the server wants no more of you
 *
 * HTTP/1.1 500 Internal Server Error           stop: so with any other status
 *
 * HTTP/1.1 200 OK                              stop: this is no event stream
 * Content-Type: text/html
 *
 * (no answer: refused, cut, not found)         retry: it may be there the next time
 * ```
 *
 * Redirects have been followed before you are asked: a 3xx that comes as far as here leads nowhere.
 *
 * @param status the status code of the answer; 0 when there was no answer (as the platform says: a network error)
 * @param type its Content-Type, whole, as it came; undefined when there was none
 */
export type AfterResponse = (status: number, type: string | undefined) => 'open' | 'retry' | 'stop'
