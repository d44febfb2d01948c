import { FAILURES, type FailureName } from './failures.ts'
import type { FaultSpec } from './fault-spec.ts'
import type { WireFormat } from './wire-format.ts'

export interface RefusalDetails {
  readonly param?: string
  readonly code?: string
  /** Which of the known failures it is, if it is one. */
  readonly failure?: FailureName
  readonly fields?: Readonly<Record<string, string>>
  readonly spec?: FaultSpec
}

/** A request that gets an error for an answer. Each wire format has its own body for it. */
export class Refusal extends Error {
  readonly status: number
  /** The parameter at fault, as a path: `messages.0.role`. */
  readonly param: string | undefined
  /** The machine-readable name of the fault, where the service has one. */
  readonly code: string | undefined
  readonly failure: FailureName | undefined
  /** Fields to send with it: Allow, for one. */
  readonly fields: Readonly<Record<string, string>>
  /** Faults of the refusal itself. */
  readonly spec: FaultSpec

  constructor(status: number, message: string, details: RefusalDetails = {}) {
    super(message)
    this.status = status
    this.param = details.param
    this.code = details.code
    this.failure = details.failure
    this.fields = details.fields ?? {}
    this.spec = details.spec ?? {}
  }
}

/** One of the known failures, as this service has it. */
export function failed(failure: FailureName, { service }: WireFormat, details: RefusalDetails = {}): Refusal {
  const { message, [service]: ours } = FAILURES[failure]
  return new Refusal(ours.status, message, { ...details, failure })
}
