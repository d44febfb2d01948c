import { once } from 'node:events'
import type { Writable } from 'node:stream'

export interface Printer {
  /** Resolves when the reader has caught up: a slow terminal slows the provider down, and fills no memory. */
  print(text: string): Promise<void>
}

export function createPrinter(output: Writable): Printer {
  return {
    async print(text) {
      if (text === '' || !output.writable) return
      if (!output.write(text)) await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => {})
    },
  }
}
