/** Stands in for the shortcut of http-raw that has this name: leaves every head to the lines. */
export const takeWholeRequestHead = (): number => 0
export const takeWholeResponseHead = (): number => 0
