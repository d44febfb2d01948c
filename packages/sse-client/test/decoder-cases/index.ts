import type { Sentence } from './case.ts'
import { DISPATCH } from './dispatch.ts'
import { FIELDS } from './fields.ts'
import { GRAMMAR } from './grammar.ts'
import { LINES } from './lines.ts'

export type { DecoderCase, Sentence } from './case.ts'

/** What HTML §9.2.5 and §9.2.6 say of a stream, sentence by sentence. */
export const SENTENCES: readonly Sentence[] = [...GRAMMAR, ...LINES, ...FIELDS, ...DISPATCH]
