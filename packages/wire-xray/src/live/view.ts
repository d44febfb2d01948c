import type { Item } from '../proxy/item.ts'

/** Where items are shown. */
export interface View {
  take(item: Item): void
  /** Shows what is left, and lets go of the terminal. */
  close(): void
}

/** Where a view writes to, as far as it looks at it. */
export interface Output {
  write(text: string): boolean
  readonly columns?: number
  readonly rows?: number
  /** Bytes that wait to be taken. */
  readonly writableLength: number
  on(event: 'resize', listener: () => void): unknown
  off(event: 'resize', listener: () => void): unknown
}

export const DEFAULT_COLUMNS = 80

/** Below that nothing has room, and what is longer is broken by the terminal. */
const LEAST_COLUMNS = 40

/** How wide lines may be: a terminal that is at the end of its line does not agree with others where it is. */
export function columnsOf({ columns = DEFAULT_COLUMNS }: Pick<Output, 'columns'>): number {
  return Math.max(LEAST_COLUMNS, columns) - 1
}
