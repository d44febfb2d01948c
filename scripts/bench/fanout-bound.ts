/** What a reader of ours who has stopped may cost, in bytes. */
export const BYTE_BOUND: number = 1024 * 1024
