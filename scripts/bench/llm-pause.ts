import { childContender } from './child.ts'
import type { Contender } from './race.ts'
import type { Weighing } from './weigh.ts'

/** What a provider gets rid of within a second, while nobody takes a token: what stands in the kernel, and what a client holds. */
export function pausedReader(): Weighing {
  return {
    title: 'taken while its reader pauses for 1 s',
    scale: client('streamChat'),
    others: ['raw socket, paused', 'openai', '@anthropic-ai/sdk', '@anthropic-ai/sdk, .stream()', 'ai'].map(client),
    mostAbove: 512 * 1024,
  }
}

function client(name: string): Contender {
  return childContender(name, new URL('llm-pause-child.js', import.meta.url), [name])
}
