/** A line of a comparison: in both, only in the first, only in the second. */
export interface ComparedLine {
  readonly side: 'both' | 'first' | 'second'
  readonly text: string
}

/** Compares two texts line by line: the longest lines in common, in order, are the same, and all else differs. */
export function compareLines(first: string, second: string): ComparedLine[] {
  const [a, b] = [first.trimEnd().split('\n'), second.trimEnd().split('\n')]
  const common = commonLengths(a, b)
  const length = (i: number, j: number) => common[i]?.[j] ?? 0
  const lines: ComparedLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && left === right) {
      lines.push({ side: 'both', text: left })
      i++
      j++
    } else if (right === undefined || (left !== undefined && length(i + 1, j) >= length(i, j + 1))) {
      lines.push({ side: 'first', text: left ?? '' })
      i++
    } else {
      lines.push({ side: 'second', text: right })
      j++
    }
  }
  return lines
}

/** How many lines the rests behind each pair of places have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [table[i] ?? [], table[i + 1] ?? []]
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
  }
  return table
}
