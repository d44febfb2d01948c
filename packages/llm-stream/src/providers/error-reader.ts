import type { Provider } from '../provider.ts'
import { secretsIn } from '../secrets.ts'
import { statusError } from './status-error.ts'

/** Who answers, and what was sent to it: error messages say the one, and never the other. */
export interface ErrorReaderContext {
  /** What people call the service; anybody else who speaks its language is called by the host's name. */
  readonly service: string
  readonly host: string
  readonly baseUrl: string
  readonly keyName: string
  readonly apiKey: string | undefined
  /** More headers, such as Azure's `api-key`. */
  readonly headers: Readonly<Record<string, string>>
}

/** Whether these are the makers of the format themselves. */
export function isGenuine({ host, baseUrl }: Pick<ErrorReaderContext, 'host' | 'baseUrl'>): boolean {
  return new URL(baseUrl).hostname === host
}

export function errorReader(context: ErrorReaderContext): Provider['readError'] {
  const { service, baseUrl, apiKey, headers } = context
  const provider = isGenuine(context) ? service : new URL(baseUrl).host
  const secrets = apiKey === undefined ? secretsIn(headers) : [apiKey, ...secretsIn(headers)]
  const keyName = apiKey === undefined && secrets.length > 0 ? 'the key in headers' : context.keyName
  return (status, fields, body) =>
    statusError(status, body, { provider, keyName, secrets, header: (name) => fields.get(name) })
}
