/** What a stub throws: the exercise was not begun. It is no failure, and is shown as "not started". */
export class Todo extends Error {
  override readonly name = 'Todo'
}

/**
 * Stands where your code will be. It never returns, so it has every type.
 *
 * @param what the exercise and the name of the function: `1.2 encodeChunk`
 * @throws Todo always
 */
export function todo(what: string): never {
  throw new Todo(`not started: ${what}`)
}
