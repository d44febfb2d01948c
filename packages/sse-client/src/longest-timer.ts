/** Milliseconds the longest timer of JavaScript can hold, 24.8 days. One for longer would fire at once, so it is read as this one. */
export const LONGEST_TIMER: number = 2 ** 31 - 1
