/** Who sees some of the cases in another way than we do. `fetch` is our own EventSource, over the fetch of Node. */
export interface Outvoted {
  readonly judge: 'chromium' | 'undici' | 'fetch'
  /** By their names. A case that no pattern here matches must be seen as we see it. */
  readonly cases: RegExp
  /** What they do; docs/judges.md has it in these words. */
  readonly does: string
}

export const OUTVOTED: readonly Outvoted[] = [
  { judge: 'undici', cases: /^reading 2:/, does: 'goes on sending the id that was before' },
  {
    judge: 'undici',
    cases: /^(reading 3|"id: (ünï|\u0080ÿ)"):?/,
    does: 'sends characters up to U+00FF as one byte each',
  },
  {
    judge: 'undici',
    cases: /^(reading 3|"id: (漢字|👩‍👩‍👧|\ufeff|\u2028|\ufffd)"):?/,
    does: 'never gets out again with a character above U+00FF: its own request fails, for ever',
  },
  {
    judge: 'undici',
    cases: /^(reading 16|"id: (a\\u0001|a\\u001f|\x7f)"):?/,
    does: 'never gets out again with a control character either',
  },
  { judge: 'undici', cases: /^reading 6: an empty event/, does: 'undici: type `a`' },
  {
    judge: 'undici',
    cases: /^(reading 14: nothing|close\(\) (at (open|message|tick)|behind))/,
    does: 'delivers what has arrived after close(), and an error after a close() right behind the constructor',
  },
  {
    judge: 'undici',
    cases: /^(type "text\/(plain, text\/event-stream|event-stream, \*\/\*|event-stream,)"|of two Content-Type)/,
    does: 'takes more than one type for none',
  },
  { judge: 'undici', cases: /^100 in front/, does: 'takes a 100 that it did not ask for as a broken answer' },
  { judge: 'fetch', cases: /^100 in front/, does: 'takes a 100 that it did not ask for as a broken answer' },
  {
    judge: 'chromium',
    cases: /^(reading 16|"id: (a\\u0001|a\\u001f|\x7f)"):?/,
    does: 'sends control characters as they are',
  },
  { judge: 'chromium', cases: /^reading 12: 200 with the type/, does: 'refuses a charset that is not utf-8' },
  { judge: 'chromium', cases: /^type "text\/event-stream x"/, does: 'cuts a type at the first blank' },
  {
    judge: 'chromium',
    cases: /^a FIN (in the status line|in the head|before the end of the head)/,
    does: 'takes half a head for the whole',
  },
  {
    judge: 'chromium',
    cases:
      /^(reading 13: a cut chunk|a FIN (one byte|far) short of Content-Length|a FIN (behind the empty|in the id|before the last|.*chunk))/,
    does: 'may drop what arrives together with a FIN that is too early',
  },
]
