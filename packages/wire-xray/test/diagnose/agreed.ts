import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { Diagnosis } from '../../src/diagnose/index.ts'

/** Codes of what is not right, or may not be. */
export const wrongIn = (found: readonly Diagnosis[]): readonly string[] =>
  found.filter(({ severity }) => severity !== 'info').map(({ code }) => code)

/** A hop does again what it does; that a busy machine was late with its timers is no reason to say that it does not. */
export async function agreed(look: () => Promise<unknown>, expected: unknown): Promise<void> {
  for (let tries = 0; tries < 3; tries++) if (isDeepStrictEqual(await look(), expected)) return
  expect(await look()).toEqual(expected)
}
