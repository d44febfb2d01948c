/** Which cases of `decoder-cases` a judge reads in another way, and what it does; docs/judges.md has it in these words. */
export interface OutvotedCases {
  readonly judge: 'eventsource-parser 3' | 'eventsource-parser 4' | 'undici' | 'chromium'
  /** The beginning of the sentence, and which of its cases. */
  readonly sentence: RegExp
  readonly cases: RegExp
  readonly does: string
}

export function isAbout({ sentence, cases }: OutvotedCases, says: string, why: string): boolean {
  return sentence.test(says) && cases.test(why)
}

const ANY = /^/
const CR_AT_THE_END = 'eventsource-parser 3 waits for the next read'
const ID_WITHOUT_DATA = 'eventsource-parser 3 does not say so'
const RETRY = 'at the next dispatch'
const NO_TIMER = 'more than a timer can hold, and `Infinity` for 400 digits'

export const CASES_OUTVOTED: readonly OutvotedCases[] = [
  { judge: 'eventsource-parser 3', sentence: /^end-of-line/, cases: /and "\\r"$/, does: CR_AT_THE_END },
  {
    judge: 'eventsource-parser 3',
    sentence: /^The stream must/,
    cases: /^(CR CR:|CRLF CR:|CRs alone)/,
    does: CR_AT_THE_END,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^Once the end/,
    cases: /^a CR ends the line of a retry/,
    does: CR_AT_THE_END,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^Once the end/,
    cases: /^an id (that was set|whose line is cut)/,
    does: ID_WITHOUT_DATA,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^Set the last event ID string/,
    cases: /without data/,
    does: ID_WITHOUT_DATA,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^The buffer does not/,
    cases: /^of a block without/,
    does: ID_WITHOUT_DATA,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^If the data buffer is an empty/,
    cases: /^a type and an id/,
    does: ID_WITHOUT_DATA,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^Otherwise, ignore/,
    cases: /^an id with NUL leaves the one before, of another/,
    does: ID_WITHOUT_DATA,
  },
  {
    judge: 'eventsource-parser 3',
    sentence: /^If the field value consists/,
    cases: /^(2147483648|4294967296|9007199254740993|99)/,
    does: NO_TIMER,
  },
  {
    judge: 'eventsource-parser 4',
    sentence: /^If the field value consists/,
    cases: /^(2147483648|4294967296|9007199254740993|99)/,
    does: NO_TIMER,
  },
  {
    judge: 'chromium',
    sentence: /^stream =/,
    cases: /^a BOM and a blank line/,
    does: 'misses a line end right behind a BOM',
  },
  { judge: 'undici', sentence: /^If value starts/, cases: /^event:" ?"/, does: 'undici: type `a`' },
  { judge: 'undici', sentence: /^Process the field/, cases: /^event/, does: 'undici: type `a`' },
  {
    judge: 'undici',
    sentence: /^Set the event type buffer/,
    cases: /^an empty one (takes|with)/,
    does: 'undici: type `a`',
  },
  { judge: 'undici', sentence: /^If the field value consists/, cases: ANY, does: RETRY },
  { judge: 'undici', sentence: /^The UTF-8 decode algorithm/, cases: /retry/, does: RETRY },
  { judge: 'undici', sentence: /^Once the end/, cases: /retry/, does: RETRY },
  { judge: 'undici', sentence: /^Otherwise, ignore/, cases: /^a retry that is ignored leaves/, does: RETRY },
]
