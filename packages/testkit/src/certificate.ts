import { generateKeyPairSync, sign } from 'node:crypto'

export interface Certificate {
  /** PKCS #8, PEM. */
  readonly key: string
  /** X.509, PEM. It signs itself: give it as `ca` to whoever shall believe it. */
  readonly cert: string
}

/**
 * A key and a certificate for localhost, 127.0.0.1 and ::1 (RFC 5280 §4.1), made anew for each run: nothing to keep,
 * nothing to leak, nothing that expires in the middle of a summer.
 */
export function selfSignedCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serial number
    ECDSA_WITH_SHA256,
    NAME, // issuer
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z'))), // validity
    NAME, // subject
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(SUBJECT_ALT_NAME)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const certificate = sequence(body, ECDSA_WITH_SHA256, signature).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
  }
}

/** One element of DER: tag, length, contents (X.690 §8.1). */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

function sequence(...contents: readonly Uint8Array[]): Buffer {
  return der(0x30, ...contents)
}

/** A name of a thing in the tree of all things, as it stands on the wire (X.690 §8.19). */
function objectIdentifier(encoded: string): Buffer {
  return der(0x06, Buffer.from(encoded, 'hex'))
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('2a8648ce3d040302'))
const COMMON_NAME = sequence(objectIdentifier('550403'), der(0x0c, Buffer.from('localhost')))
const NAME = sequence(der(0x31, COMMON_NAME))
const SUBJECT_ALT_NAME = sequence(
  objectIdentifier('551d11'),
  der(
    0x04,
    sequence(
      der(0x82, Buffer.from('localhost')),
      der(0x87, Buffer.from([127, 0, 0, 1])),
      der(0x87, Buffer.from([...new Uint8Array(15), 1])),
    ),
  ),
)
