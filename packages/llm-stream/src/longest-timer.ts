/** Milliseconds the longest timer of JavaScript can hold, 24.8 days: one for longer would fire at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1
