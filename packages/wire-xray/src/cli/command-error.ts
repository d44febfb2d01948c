/** Something went wrong that is nobody's fault here; its message says what, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
