/** What only makes sense for connections of our own. */
const NAMES = ['record', 'dial', 'tls', 'pool'] as const

/**
 * Rather no answer than one that goes another way than it was told to, or a recording without a line in it.
 *
 * @throws TypeError for the first of the options that is there
 */
export function refuseConnections(options: object, why: string): void {
  const given = NAMES.find((name) => Reflect.get(options, name) !== undefined)
  if (given) throw new TypeError(`${given} is for our own transport: ${why}`)
}
