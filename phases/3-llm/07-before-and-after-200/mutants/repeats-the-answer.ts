import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => right(failure.kind === 'status' ? failure : { ...failure, delivered: '' })
