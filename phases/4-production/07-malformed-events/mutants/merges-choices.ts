import type { SafeDelta } from '../contract.ts'
import { safeDelta as right } from '../solution.ts'

export const safeDelta: SafeDelta = (event) =>
  right({ ...event, data: event.data.replaceAll('"index":1', '"index":0') })
