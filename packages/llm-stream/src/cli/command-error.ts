/** What was asked for is right, and cannot be done: a file that is not there, a port that is taken. Its message says which. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
