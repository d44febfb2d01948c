import type { AfterResponse } from '../contract.ts'

import { afterResponse as right } from '../solution.ts'

/** As `response.ok` has it. */
export const afterResponse: AfterResponse = (status, type) => right(status >= 200 && status < 300 ? 200 : status, type)
