import type { Step, Ui } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) => Object.assign(ui, right(ui, event)) as Ui

export { paint } from '../solution.ts'
