export interface RefusalDetails {
  readonly param?: string
  readonly code?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** A request that gets an error for an answer. Each wire format has its own body for it. */
export class Refusal extends Error {
  readonly status: number
  /** The parameter at fault, as a path: `messages.0.role`. */
  readonly param: string | undefined
  /** The machine-readable name of the fault, where the service has one. */
  readonly code: string | undefined
  /** Fields to send with it: Allow, for one. */
  readonly fields: Readonly<Record<string, string>>

  constructor(status: number, message: string, details: RefusalDetails = {}) {
    super(message)
    this.status = status
    this.param = details.param
    this.code = details.code
    this.fields = details.fields ?? {}
  }
}
