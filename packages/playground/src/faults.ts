/** Something that can go wrong with an answer of the simulator, for whoever wants to see it go wrong. */
export interface Fault {
  /** As the page shows it. */
  readonly label: string
  /** What happens, in a sentence. What comes of it is not promised here: the answer tells. */
  readonly sentence: string
  /** In the grammar of the simulator, which counts `times` by the text: each question needs one of its own. */
  readonly spec: (question: number) => string
}

/** By the name that a question calls it: `/events?fault=NAME`. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'cut-character': {
    label: 'cut inside a character',
    sentence: 'The connection ends between two bytes of one character.',
    spec: () => 'cut=utf8@20',
  },
  'cut-json': {
    label: 'reset inside the JSON',
    sentence: 'The connection is reset inside a string of the JSON.',
    spec: () => 'cut=json+rst@20',
  },
  'cut-chunk-size': {
    label: 'cut inside a chunk size',
    sentence: 'The connection ends inside the line that says how long the next chunk is.',
    spec: () => 'cut=chunk-size@20',
  },
  'cut-clean': {
    label: 'cut, but politely',
    sentence: 'HTTP ends as it should, last chunk and all; only the answer is not all there.',
    spec: () => 'cut=clean@20',
  },
  'no-end-mark': {
    label: 'no end mark',
    sentence: 'Every word comes; the mark that says “that was all” does not.',
    spec: () => 'no-done',
  },
  stall: {
    label: 'silence',
    sentence: 'The model stops in the middle, and the connection stays open.',
    spec: () => 'stall@20',
  },
  'comments-only': {
    label: 'only comments',
    sentence: 'In the middle the tokens stop; comments go on keeping the line alive.',
    spec: () => 'comments-only=500ms@20',
  },
  'error-in-the-middle': {
    label: 'an error in the middle',
    sentence: 'After status 200 and some words an event says that the model is overloaded.',
    spec: () => 'error=overloaded@20',
  },
  'overloaded-once': {
    label: 'overloaded, once',
    sentence: 'The first request is refused, with a second to wait; the next one is answered.',
    spec: (question) => `status=overloaded,retry-after=ms:${1000 + (question % 500)},times=1`,
  },
  quota: {
    label: 'out of money',
    sentence: 'The request is refused because the account is empty: nothing that asking again would help.',
    spec: () => 'status=quota',
  },
  page: {
    label: 'a page of HTML',
    sentence: 'Status 200 and a page, as a captive portal or a wrong address sends it.',
    spec: () => 'page',
  },
  'bad-chunk-size': {
    label: 'a chunk size that is none',
    sentence: 'In the middle a chunk size is not hexadecimal.',
    spec: () => 'corrupt=size@20',
  },
  'small-writes': {
    label: 'twenty bytes a write',
    sentence: 'Nothing is wrong: the same bytes come in pieces of twenty.',
    spec: () => 'split=20',
  },
  interim: {
    label: '100 and 103 first',
    sentence: 'Nothing is wrong: two interim responses come before the answer.',
    spec: () => 'interim=100+103',
  },
  linger: {
    label: 'a body that stays open',
    sentence: 'After the end mark the connection stays open.',
    spec: () => 'linger=30s',
  },
}

/** The request field that asks the simulator for a fault. */
export const FAULT_FIELD = 'x-sim-fault'
