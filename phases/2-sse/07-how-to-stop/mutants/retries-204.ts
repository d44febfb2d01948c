import type { AfterResponse } from '../contract.ts'

import { afterResponse as right } from '../solution.ts'

/** "There is nothing now: I shall ask again." */
export const afterResponse: AfterResponse = (status, type) => (status === 204 ? 'retry' : right(status, type))
