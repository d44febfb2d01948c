/** The names that a wrong one may have meant: at most three, the nearest first. */
export function nearest(wrong: string, names: readonly string[]): string[] {
  const lower = wrong.toLowerCase()
  return names
    .map((name) => ({ name, far: name.includes(lower) && lower.length > 1 ? 1 : distance(lower, name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** `: did you mean a, b or c?`, or nothing. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const found = nearest(wrong, names)
  if (found.length === 0) return ''
  const [last, ...others] = [...found].reverse()
  return `: did you mean ${others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`}?`
}

/** How many letters must be put in, taken out, replaced or swapped with their neighbour. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same)
      const row = rows[i]
      if (row) row[j] = swapped ? Math.min(best, at(i - 2, j - 2) + 1) : best
    }
  }
  return at(a.length, b.length)
}
