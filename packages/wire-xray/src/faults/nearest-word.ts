/** The word that is most like `text`, if one is near: for whoever mistyped it. */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  const scored = words.map((word) => ({ word, distance: distanceOf(text, word) }))
  const [best] = scored.toSorted((a, b) => a.distance - b.distance)
  return best && best.distance <= Math.max(1, Math.floor(best.word.length / 2)) ? best.word : undefined
}

/** Letters to add, take away or replace (Levenshtein). */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[to.length] as number
}
