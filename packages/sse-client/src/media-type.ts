const VALUE = /(?:[^",]|"(?:\\.|[^"\\])*"?)+/gs // up to a comma that is in no quoted string
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const ESSENCE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})[ \\t]*(?:;|$)`)

/**
 * The type without its parameters, in lower case (Fetch, "extract a MIME type"); `undefined` if there is none.
 *
 * Some servers say it twice, in two lines or in one: then the last that is a type counts, and the one for any is none.
 */
export function essenceOf(contentType: string | null): string | undefined {
  const types = (contentType ?? '').match(VALUE)?.map((value) => ESSENCE.exec(value)?.[1]?.toLowerCase())
  return types?.findLast((type) => type !== undefined && type !== '*/*')
}
