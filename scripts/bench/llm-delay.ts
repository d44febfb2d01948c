import { childContender } from './child.ts'
import type { DelayRace } from './delay.ts'
import type { ClientName } from './llm-clients.ts'
import type { Contender } from './race.ts'

/** A token every 5 ms, each on its own: from its provider's `write` to the loop that takes its text, the median. */
export function tokenDelay(): DelayRace {
  return {
    title: 'a token at a time, p50 of its way',
    ours: client('streamChat(openai)'),
    least: client('hand parser, openai'),
    others: (
      ['fetch + eventsource-parser', 'openai', '@anthropic-ai/sdk', '@google/genai', 'ai + openai'] as const
    ).map(client),
    mostAbove: 25,
  }
}

function client(name: ClientName): Contender {
  return childContender(name, new URL('llm-delay-child.js', import.meta.url), [name])
}
