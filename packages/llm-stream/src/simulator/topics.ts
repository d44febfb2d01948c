/** Words that say nothing about a subject. */
const COMMON = new Set(
  `a about after again all also am an and any are as at be because been before but by can could did do does for from get give
  had has have he her here him his how i if in into is it its just know let like make may me more most much my no not now of
  on one only or other our out over please say see she should so some tell than that the their them then there these they
  thing this those to too up us use very want was way we well were what when where which who why will with word would write
  you your explain describe`.split(/\s+/),
)

/** How much of a prompt is looked at, from each of its ends, so that a book takes no longer than a page. */
const WINDOW = 2000

const segmenter = new Intl.Segmenter('en', { granularity: 'word' })

/** A word as it is compared: without case, punctuation and the commonest endings, so that rivers are near a river. */
export function keyOf(word: string): string {
  return word
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=\w{2}[^s])s$/, '')
    .replace(/(?<=\w{4})(ing|ed)$/, '')
}

/** A prompt, or what is looked at of a long one. */
export function bothEnds(prompt: string): string {
  return prompt.length <= 2 * WINDOW ? prompt : `${prompt.slice(0, WINDOW)} ${prompt.slice(-WINDOW)}`
}

/** The words and emoji of a prompt, in any script, that may say what it is about. */
export function subjectWords(prompt: string): readonly string[] {
  const words: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(bothEnds(prompt))) {
    if (/^\p{Extended_Pictographic}/u.test(segment)) words.push(segment)
    else if (isWordLike && !COMMON.has(segment.toLowerCase()) && !/\p{Cs}/u.test(segment)) words.push(segment)
  }
  return words
}

/** A longer word is not repeated. */
const LONGEST_ECHO = 24

/** Up to three words worth repeating: the longest ones, in the order in which they were written. */
export function notableWords(words: readonly string[]): readonly string[] {
  const candidates = [...new Set(words)].filter((word) => word.length <= LONGEST_ECHO)
  const longest = new Set([...candidates].sort((a, b) => b.length - a.length).slice(0, 3))
  return candidates.filter((word) => longest.has(word))
}
