/** What a reader of ours who has stopped may cost, in bytes. */
export const BYTE_BOUND: number = 1024 * 1024

/** Idle sessions before those that are weighed: they pay for what is made once, and let the heap grow to its working size. */
export const FIRST: number = 1000
