import type { AfterResponse } from '../contract.ts'

import { afterResponse as right } from '../solution.ts'

export const afterResponse: AfterResponse = (status, type) => (status >= 500 ? 'retry' : right(status, type))
