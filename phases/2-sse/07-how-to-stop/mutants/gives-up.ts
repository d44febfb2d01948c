import type { AfterResponse } from '../contract.ts'

import { afterResponse as right } from '../solution.ts'

export const afterResponse: AfterResponse = (status, type) => (status === 0 ? 'stop' : right(status, type))
