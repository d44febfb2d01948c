import type { AnswerHead } from './answer.ts'

/**
 * The head of a fetch() Response, or of http-raw's; `undefined` for anything else, such as the body alone.
 *
 * Told by what it has and not by its class: there are Responses of other realms, and of other packages.
 */
export function headOf(source: object | null): AnswerHead | undefined {
  const { status, headers, fields } = (source ?? {}) as ResponseLike
  const get = (headers?.get ?? fields?.get)?.bind(headers?.get ? headers : fields)
  if (typeof status !== 'number' || get === undefined) return undefined
  const header = (name: string) => get(name) ?? null
  return { status, contentType: header('content-type'), header }
}

interface ResponseLike {
  readonly status?: number
  readonly headers?: Partial<Lookup>
  readonly fields?: Partial<Lookup>
}

interface Lookup {
  get(name: string): string | null | undefined
}
