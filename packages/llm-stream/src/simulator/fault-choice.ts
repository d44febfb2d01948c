import type { Fields } from '@sse-from-scratch/http-raw'
import { parseFaults } from './fault-grammar.ts'
import type { FaultSpec } from './fault-spec.ts'
import { Refusal } from './refusal.ts'

/** The field that selects faults for one request. */
const FAULT_FIELD = 'x-sim-fault'
/** The parameter of the query that does. */
const FAULT_PARAMETER = 'sim'
/** And what a model's name begins with that does. */
const FAULT_MODEL = 'sim:'

/** Specifications whose requests are counted at a time. */
const MOST_COUNTED = 1024

const NONE: FaultSpec = {}

/** What a request says about its faults, wherever it says it. */
export interface FaultAsk {
  readonly fields: Fields
  readonly query: URLSearchParams
  readonly model: string
}

/** Chooses the faults of each request: those of its field, of its query, of its model's name, or those of the server. */
export function createFaultChoice(always: FaultSpec | undefined): (ask: FaultAsk) => FaultSpec {
  const hits = new Map<string, number>()

  /** Whether a specification that is for so many requests only has been used up. */
  function isOver(key: string, { times }: FaultSpec): boolean {
    if (times === undefined) return false
    const before = hits.get(key) ?? 0
    hits.delete(key) // to the end: what has not been used for the longest time is forgotten first
    hits.set(key, before + 1)
    const [oldest] = hits.keys()
    if (hits.size > MOST_COUNTED && oldest !== undefined) hits.delete(oldest)
    return before >= times
  }

  return ({ fields, query, model }) => {
    const named = model.startsWith(FAULT_MODEL) ? model.slice(FAULT_MODEL.length) : undefined
    const asked = query.get(FAULT_PARAMETER)?.replaceAll(' ', '+') // which is what a query makes of it
    const text = fields.get(FAULT_FIELD) ?? asked ?? named
    const spec = text === undefined ? (always ?? NONE) : parse(text)
    return isOver(text ?? '', spec) ? NONE : spec
  }
}

function parse(text: string): FaultSpec {
  try {
    return parseFaults(text)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Refusal(400, `The faults cannot be read: ${error.message}.`, { code: 'invalid_fault' })
  }
}
