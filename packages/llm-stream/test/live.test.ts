import {
  anthropic,
  fetchTransport,
  gemini,
  modelFromEnv,
  ollama,
  openai,
  openaiResponses,
  providerFromEnv,
} from '@sse-from-scratch/llm-stream'
import { type Simulator, startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { liveCases } from './live-cases.ts'

const transports = [
  ['our own HTTP', () => ({})],
  ['fetch', () => ({ transport: fetchTransport() })],
] as const
const casesOver = (name: string) => liveCases.filter(({ needsSockets }) => !needsSockets || name === 'our own HTTP')

describe('the simulator', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await startSimulator({ tokensPerSecond: 5000, firstTokenDelay: 0 })
  })
  afterAll(() => simulator[Symbol.asyncDispose]())

  describe.each(Object.entries({ openai, openaiResponses, anthropic, gemini, ollama }))('as %s', (_, provider) => {
    describe.each(transports)('over %s', (name, options) => {
      test.each(casesOver(name))('$name', ({ run }) =>
        run({ provider: provider({ baseUrl: simulator.url }), model: 'simulator', options: options() }),
      )
    })
  })
})

// Whoever sets LLM_BASE_URL has a server of their own in mind. A key alone is not asked for money by every `npm test`.
const { LLM_BASE_URL: address, npm_lifecycle_event: script } = process.env
const provider = address || script === 'test:live' ? providerFromEnv() : undefined

describe('a real server', () => {
  if (!provider) {
    const how = 'LLM_BASE_URL=http://localhost:8080/v1 npm run test:live'
    test('passes the same tests', ({ skip }) =>
      skip(`nobody to ask: ${how}, or npm run test:live with a provider's key`))
    return
  }
  let model = ''
  beforeAll(async () => {
    model = await modelFromEnv(provider)
  })
  describe.each(transports)('over %s', (name, options) => {
    test.each(casesOver(name))(
      '$name',
      ({ run }) => run({ provider, model, options: { ...options(), retry: { attempts: 1 } } }),
      300_000, // a model that is loading, on a small machine
    )
  })
})
