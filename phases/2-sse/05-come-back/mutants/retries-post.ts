import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

export const connect: Connect = (url, { open, method = 'GET', ...options }) =>
  right(url, { ...options, ...(open && { open: (request) => open({ ...request, method }) }) })
