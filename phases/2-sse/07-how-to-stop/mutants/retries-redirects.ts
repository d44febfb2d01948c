import type { AfterResponse } from '../contract.ts'

import { afterResponse as right } from '../solution.ts'

export const afterResponse: AfterResponse = (status, type) =>
  status >= 300 && status < 400 ? 'retry' : right(status, type)
