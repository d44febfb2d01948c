import { once } from 'node:events'
import type { Writable } from 'node:stream'

export interface Printer {
  /** Resolves when the reader has caught up: a slow terminal slows the provider down, and fills no memory. */
  print(text: string): Promise<void>
  /** Begins a new line, unless the last one is empty. */
  endLine(): Promise<void>
}

export function createPrinter(output: Writable): Printer {
  let last = '\n'

  async function print(text: string): Promise<void> {
    if (text === '' || !output.writable) return
    last = text.at(-1) ?? last
    if (!output.write(text)) await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => {})
  }

  return {
    print,
    endLine: async () => (last === '\n' ? undefined : print('\n')),
  }
}
