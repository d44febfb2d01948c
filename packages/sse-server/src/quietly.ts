/** Lets a caller's mistake go unhandled if nobody handles it, but not that a client left: `signal` tells that too. */
export function quietly(write: () => Promise<void>): Promise<void> {
  try {
    const sent = write()
    sent.catch(() => {})
    return sent
  } catch (mistake) {
    return Promise.reject(mistake)
  }
}
