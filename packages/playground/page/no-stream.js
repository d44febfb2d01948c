// Why there is no stream: EventSource does not say.

export const NO_ANSWER = 'The playground does not answer. Is npm start still running?'

/** What a connection that does not open waits for (HTTP/1.1; browsers agree on the number). */
export const SIX = 'Waiting for a connection: a browser opens six at a time to one server; other tabs may hold them.'

/** Milliseconds the server has to say why. */
const PATIENCE = 5000

/**
 * Makes the refused request once more by hand, to hear the reason.
 *
 * @param {string} url
 */
export async function reasonOf(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
    if (!response.ok) return (await response.text()).trim()
    await response.body?.cancel()
    return 'The stream was refused.'
  } catch {
    return NO_ANSWER
  }
}
