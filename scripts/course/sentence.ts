/** Something that the one at the keyboard can mend: said in a sentence, without a stack. */
export class Sentence extends Error {
  override readonly name = 'Sentence'
}

/** A command, an option or an id that does not exist: exit code 2. */
export class WrongUsage extends Sentence {}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENOTDIR: 'there is a file where a folder should be',
  EEXIST: 'there is a file where a folder should be',
  EISDIR: 'there is a folder where a file should be',
}

/** Why a file cannot be written, in words; the system's own where we have none. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? error.message
}
