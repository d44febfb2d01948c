import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

export const connect: Connect = (url, { open, ...options }) =>
  right(url, {
    ...options,
    ...(open && { open: (request) => open({ ...request, headers: { 'Last-Event-ID': '', ...request.headers } }) }),
  })
