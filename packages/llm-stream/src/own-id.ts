/** The id of a tool call whose provider gives none: its choice, then its place among the calls of that. */
export function ownId(choice: number, index: number): string {
  return `call-${choice}-${index}`
}

/** Whether an id is one of ours, and so means nothing to a provider. */
export function isOwnId(id: string): boolean {
  return /^call-\d+-\d+$/.test(id)
}
