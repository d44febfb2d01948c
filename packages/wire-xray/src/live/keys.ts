const ESC = '\u001b'

/** What cursor keys and the like send: CSI or SS3, and how it ends (ECMA-48 §5.4). */
const SEQUENCE = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|O[@-~])`, 'g')

/** The keys in what a terminal sends at once; those that are sequences mean nothing here. */
export function keysIn(typed: string): readonly string[] {
  return [...typed.replace(SEQUENCE, '')]
}
