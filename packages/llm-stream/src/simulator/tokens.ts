// What a tokenizer of language models makes of a text, near enough: a word with the space before it is one token, a
// long word a few, digits go in threes, and each ideograph, mark and emoji counts for itself. Nothing is ever cut
// inside a character: real tokens are, but the services hold them back until the character is whole.
const EMOJI = '\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier}|\\u200D\\p{Extended_Pictographic})*'
const FLAG = '\\p{Regional_Indicator}{2}'
const IDEOGRAPH = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]\\p{M}*'
const WORD = `(?:(?!${IDEOGRAPH})\\p{L}\\p{M}*)+`
const DIGITS = '\\p{N}{1,3}'
const MARK = '[\\p{P}\\p{S}]'
const ANYTHING = '[\\s\\S]\\p{M}*'

const TOKEN = new RegExp(` ?${EMOJI}|${FLAG}|${IDEOGRAPH}| ?${WORD}| ?${DIGITS}| ?${MARK}|\\n+|${ANYTHING}`, 'gu')

/** A word of at most this many characters is one token; a longer one is cut into pieces. */
const WHOLE_WORD = 10
const PIECE = / ?(?:\p{L}\p{M}*){1,6}/gu
const STARTS_WORD = /^ ?\p{L}/u

/** The text as tokens; joined, they are the text again. */
export function* tokenize(text: string): Generator<string, void> {
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.length > WHOLE_WORD && STARTS_WORD.test(token)) yield* token.match(PIECE) ?? []
    else yield token
  }
}

/** How many tokens a text is. */
export function countTokens(text: string): number {
  let count = 0
  for (const _ of tokenize(text)) count += 1
  return count
}
