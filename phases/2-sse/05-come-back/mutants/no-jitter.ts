import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

export const connect: Connect = (url, options) => right(url, { ...options, random: () => 0 })
