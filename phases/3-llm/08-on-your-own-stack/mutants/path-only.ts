import type { Compose } from '../contract.ts'
import { compose as right } from '../solution.ts'

export const compose: Compose = (layers) => (question) =>
  right(layers)({ ...question, url: new URL(question.url.pathname, question.url) })
