/** Something that is broken on purpose, with the x-ray between the server and its clients. */
export interface Breakage {
  /** What it is called at the command line. */
  readonly name: string
  /** What is broken, in a sentence. */
  readonly says: string
  /** What to look at in the x-ray. */
  readonly look: string
  /** What one should learn from what the clients made of it. */
  readonly means: string
  /** Starts the server. */
  serve(): Promise<Served>
  /** Asks it, through the x-ray. @returns what the clients make of it, a line each */
  ask(url: string): Promise<readonly string[]>
}

export interface Served extends AsyncDisposable {
  readonly port: number
  /** What the server has to say afterwards. */
  readonly notes?: readonly string[]
}
