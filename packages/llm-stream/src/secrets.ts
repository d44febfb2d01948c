import { LlmError } from './errors.ts'
import { reveals } from './reveals.ts'
import { CUT } from './shortened.ts'

/** What the name of a secret has in it. */
const SECRET = /auth|key|token|secret|cookie|password|signature/i

/** The values among these headers that must not be repeated to anybody, by the names of the headers; without `Bearer`. */
export function secretsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET.test(name))
    .map(([, value]) => value.replace(/^(?:bearer|basic|token) /i, ''))
    .filter((value) => value !== '')
}

/** What must not be repeated of a request: in its headers, and in the query of its URL. */
export function secretsOf({
  url,
  headers,
}: {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}): readonly string[] {
  return [...secretsIn(headers), ...secretsInQuery(url)]
}

/** The lower-case names of the headers whose values must not be repeated to anybody. */
export function secretHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(headers)
    .filter((name) => SECRET.test(name))
    .map((name) => name.toLowerCase())
}

/** The values in a query that must not be repeated to anybody, as they are and as they are written there. */
export function secretsInQuery({ search, searchParams }: URL): readonly string[] {
  const written = search
    .slice(1)
    .split('&')
    .map((parameter) => parameter.split('='))
  const values = [...searchParams, ...written.map(([name = '', value = '']) => [name, value] as const)]
  return values.filter(([name, value]) => SECRET.test(name) && value !== '').map(([, value]) => value)
}

/** The text with every secret taken out: providers do echo keys in their complaints. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => withoutBeginning(clean.replaceAll(secret, REDACTED), secret), text)
}

const REDACTED = '[redacted]'

/** Whoever cut the text may have cut the secret: its beginning stands before the mark. */
function withoutBeginning(text: string, secret: string): string {
  if (!text.includes(CUT)) return text
  let clean = text
  for (let size = secret.length - 1; size > 0; size--) {
    clean = clean.replaceAll(secret.slice(0, size) + CUT, REDACTED + CUT)
  }
  return clean
}

/** The error as it may be shown: without secrets, and not retryable once a part of the answer has been delivered. */
export function redacted(error: LlmError, secrets: readonly string[], delivered: boolean): LlmError {
  const message = redact(error.message, secrets)
  const hidden = reveals(error.cause, secrets)
  const retryable = error.retryable && !delivered
  if (message === error.message && !hidden && retryable === error.retryable) return error
  const { code, status, retryAfter } = error
  return new LlmError(code, message, { status, retryAfter, retryable, cause: hidden ? undefined : error.cause })
}
