import { type Cluster, createClusterSplitter } from './clusters.ts'

/** Breaks text that is still being written into lines. */
export interface Wrapper {
  /** What to print for this piece: only ever more of the line, or new lines. */
  push(text: string): string
  /** The text is over, or somebody else writes next: what was kept back. */
  end(): string
  /** Cells that are taken in the line under way. */
  readonly column: number
  /** Line breaks so far. */
  readonly lines: number
  /** From here on lines have this many cells. */
  resize(columns: number): void
}

/**
 * A word that begins so close to the end of a line is kept back until it is whole, or too long to care: what is printed
 * stays where it is, and a word nearly always fits. Everywhere else a word is printed as it comes.
 */
const MARGIN = 16
const TAB = 8
/** Characters that are kept back at most, should they have no width. */
const MAX_WORD = 1024

/** `margin` is how near to the end of a line a word waits until it is whole: all of the line, where nobody waits for it. */
export function createWrapper(columns: number, margin: number = MARGIN): Wrapper {
  const splitter = createClusterSplitter()
  let width = columns
  let column = 0
  let blanks = 0 // after it, not printed yet
  let lines = 0
  let word: Cluster[] = [] // kept back
  let wordWidth = 0
  let inWord = false // whether the cluster before is a part of the same word

  function breakLine(): string {
    column = blanks = 0
    lines++
    return '\n'
  }

  /** Goes on to the next line if there is no room for so many cells, else to behind the blanks. */
  function makeRoom(cells: number): string {
    if (cells > 0 && column + blanks + cells > width && column + blanks > 0) return breakLine()
    const text = ' '.repeat(blanks)
    column += blanks
    blanks = 0
    return text
  }

  function put({ text, width: cells }: Cluster): string {
    const before = makeRoom(cells)
    column += cells
    return before + text
  }

  function putWord(): string {
    if (word.length === 0) return ''
    const before = wordWidth > width ? '' : makeRoom(wordWidth)
    const text = before + word.map(put).join('')
    word = []
    wordWidth = 0
    return text
  }

  function endWord(): string {
    inWord = false
    return putWord()
  }

  function take(cluster: Cluster): string {
    if (cluster.text === '\n') return endWord() + breakLine()
    if (cluster.text === '\t' || cluster.text === ' ') return endWord() + takeBlank(cluster.text)
    if (cluster.width === 2) return endWord() + put(cluster) // Han, Kana and emoji: lines break anywhere
    const near = word.length > 0 || (!inWord && width - column - blanks < margin)
    inWord = true
    if (!near) return put(cluster)
    word.push(cluster)
    wordWidth += cluster.width
    return wordWidth > margin || word.length > MAX_WORD ? putWord() : ''
  }

  /** Blanks wait for what follows them: at the end of a line nobody needs them. */
  function takeBlank(text: string): string {
    const cells = text === ' ' ? 1 : TAB - ((column + blanks) % TAB)
    blanks = Math.min(blanks + cells, width)
    return ''
  }

  return {
    push: (text) => splitter.push(text).map(take).join(''),
    end: () => splitter.end().map(take).join('') + endWord(),
    get column() {
      return column
    },
    get lines() {
      return lines
    },
    resize(to) {
      width = to
    },
  }
}
