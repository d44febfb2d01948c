/** What a server that sends no `retry:` gets: "a few seconds", says HTML §9.2.2. Milliseconds. */
export const DEFAULT_RECONNECTION_TIME = 3000

/** The longest wait a JavaScript timer can hold, 24.8 days. A longer one would fire at once, so it is read as this one. */
export const MAX_RECONNECTION_TIME: number = 2 ** 31 - 1
