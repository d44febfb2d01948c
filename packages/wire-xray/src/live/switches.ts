/** What is switched on, and can be switched while the traffic goes on. */
export interface Switches {
  /** Where a recording is being written to. */
  readonly recording: string | undefined
  /** Begins a recording, or ends it; what came of it is said when it is known. */
  toggleRecording(): void
  /** The faults that the next request will meet; empty if none. */
  readonly faults: string
  /** @throws TypeError that says what is wrong with them */
  setFaults(faults: string): void
}
