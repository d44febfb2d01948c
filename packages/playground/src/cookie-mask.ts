import type { Stretch } from './wire.ts'

/**
 * Hides the values of Set-Cookie: a real provider's cookies are keys to a session.
 *
 * Give it the bytes of one response in order; a name or a value may be cut between two calls. Lengths stay as they are.
 */
export function createCookieMask(): (bytes: Buffer, stretches: readonly Stretch[]) => void {
  let name = '' // of the current field line
  let inName = false
  return (bytes, stretches) => {
    let at = 0
    for (const [length, , element] of stretches) {
      const end = at + length
      if (element === 'field-name') name = (inName ? name : '') + bytes.toString('latin1', at, end).toLowerCase()
      else if (element === 'field-value' && name === 'set-cookie') bytes.fill('*', at, end)
      inName = element === 'field-name'
      at = end
    }
  }
}
