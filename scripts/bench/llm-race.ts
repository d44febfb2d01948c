import { childContender } from './child.ts'
import type { ClientName } from './llm-clients.ts'
import type { Contender, Opponent, Race } from './race.ts'

/** 1.3 times what the least costs that makes text of tokens. */
const MOST_COST = 0.77

const FULL = process.argv.includes('--full')

/** 20,000 tokens flat out, from the socket to a `for await`: tokens per second of the client's own CPU time. */
export function clientRaces(): Race[] {
  return [
    race('openai', 'hand parser, openai', 'byte scan, openai', [
      rival('openai', 1),
      rival('fetch + eventsource-parser'),
      rival('ai + openai', 10),
    ]),
    race('anthropic', 'hand parser, anthropic', 'byte scan, anthropic', [
      rival('@anthropic-ai/sdk', 1),
      ...(FULL ? [rival('ai + anthropic', 10)] : []),
    ]),
    race('gemini', 'hand parser, gemini', 'byte scan, gemini', [
      rival('@google/genai', 1),
      ...(FULL ? [rival('ai + google', 10)] : []),
    ]),
  ]
}

function race(provider: 'openai' | 'anthropic' | 'gemini', hand: ClientName, scan: ClientName, sdks: Opponent[]): Race {
  return {
    title: `a token flat out, ${provider}`,
    unit: 'tokens/s',
    ours: client(`streamChat(${provider})`),
    rivals: [...sdks, rival(hand, MOST_COST)],
    limit: client(scan),
  }
}

function rival(name: ClientName, goal?: number): Opponent {
  return { ...client(name), ...(goal !== undefined && { goal }) }
}

function client(name: ClientName): Contender {
  return childContender(name, new URL('llm-client-child.js', import.meta.url), [name])
}
