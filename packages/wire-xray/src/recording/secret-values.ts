/** Learns the secrets of a connection from the stars that took their place. */
export interface SecretValues {
  /** The next bytes, as they were and as they may be shown. */
  push(bytes: Uint8Array, redacted: Uint8Array): void
}

/** What is shorter is not looked for elsewhere: its few letters come everywhere. */
export const LEAST_SECRET = 8
/** What is longer is looked for by its beginning. */
const MOST = 512
/** Of one connection. They sign in with one key; a peer that sends many is not to cost more with each. */
const MOST_SECRETS = 32

const STAR = 42
/** What joins a scheme with its key (`Bearer …`), a cookie's name with its value, and two cookies. */
const JOINTS = /[\s;,="]+/

/**
 * Tells `learn` each secret, once: servers do repeat keys in their complaints. A value ends where the stars end, so it may
 * be cut anywhere. The scheme and the name in it are no secret, but too short or too harmless to matter.
 */
export function createSecretValues(learn: (secret: string) => void): SecretValues {
  const known = new Set<string>()
  let value = ''

  function endValue(): void {
    const parts = value.split(JOINTS).filter((part) => part.length >= LEAST_SECRET)
    value = ''
    for (const part of parts) {
      if (known.size === MOST_SECRETS || known.has(part)) continue
      known.add(part)
      learn(part)
    }
  }

  return {
    push(bytes, redacted) {
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] as number
        const isHidden = byte !== redacted[at] || (byte === STAR && value !== '') // a secret may have stars of its own
        if (isHidden && value.length < MOST) value += String.fromCharCode(byte)
        else if (!isHidden && value !== '') endValue()
      }
    },
  }
}
