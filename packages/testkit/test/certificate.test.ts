import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { selfSignedCertificate } from '../src/index.ts'

test('the certificate is for this machine by name and by address, and signed by itself', () => {
  const certificate = new X509Certificate(selfSignedCertificate().cert)
  expect(certificate.checkHost('localhost')).toBe('localhost')
  for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address)
  expect(certificate.checkHost('example.com')).toBeUndefined()
  expect(certificate.checkIssued(certificate)).toBe(true)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
})

test('each certificate has a key of its own, and that key is the one it comes with', () => {
  const [one, other] = [selfSignedCertificate(), selfSignedCertificate()]
  expect(one.key).not.toBe(other.key)
  expect(new X509Certificate(one.cert).checkPrivateKey(createPrivateKey(one.key))).toBe(true)
  expect(new X509Certificate(one.cert).checkPrivateKey(createPrivateKey(other.key))).toBe(false)
})
