/** A failing test's words, in one order: what is wrong, what was expected, what came, why. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** Puts the parts of a failure one below the other, an empty line between them; absent ones leave no gap. */
export function failureText(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n')
}
