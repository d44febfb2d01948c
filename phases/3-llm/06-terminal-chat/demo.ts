import { LlmError, modelFromEnv, openai, providerFromEnv, streamChat } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { paint, step } from '#ex/06-terminal-chat'
import type { Ui, UiEvent } from './contract.ts'

// A chat that plays by itself: your `step` and `paint`, a real connection, and Ctrl-C in the middle of the second answer.
// On a terminal each frame is painted over the last one. Elsewhere only the last frame is printed. With --live, and a key or
// LLM_BASE_URL in the environment, a real model answers; what that notices it does not say.
const { stdout } = process
const columns = () => stdout.columns || Number(process.env['COLUMNS']) || 80
let ui: Ui = { phase: 'ready', input: '', turns: [] }
let noticed = ''
const live = process.argv.includes('--live') ? providerFromEnv() : undefined
const simulator = await startSimulator({
  tokensPerSecond: 60,
  words: { min: 25, max: 25 },
  onFinish: ({ tokens, complete }) => {
    noticed = complete
      ? `made its whole answer, ${tokens} tokens`
      : `noticed after ${tokens} tokens that you had hung up, and stopped`
  },
})
const provider = live ?? openai({ baseUrl: simulator.url })

try {
  await ask('What is the sea?', Number.POSITIVE_INFINITY)
  await ask('And 世界?', 12)
  for (let wait = 0; !live && noticed === '' && wait < 100; wait++) await sleep(10)
  happens({ kind: 'interrupt', at: performance.now() })
  console.log(
    `${stdout.isTTY ? '' : paint(ui, columns())}\n${live ? '' : `The server ${noticed || 'has noticed nothing'}.`}`,
  )
} catch (error) {
  console.log('chat:', error instanceof Error ? error.message : error)
}
await simulator.close()

/** The whole shell: types, asks, and hangs up as soon as your screen does not want more. */
async function ask(question: string, stopAt: number): Promise<void> {
  for (const text of question) {
    happens({ kind: 'type', text })
    await sleep(15)
  }
  happens({ kind: 'enter', at: performance.now() })
  noticed = ''
  const model = live ? await modelFromEnv(live) : 'simulator'
  const chat = { model, messages: [{ role: 'user', content: question }] } as const
  let deltas = 0
  try {
    for await (const event of streamChat(provider, chat)) {
      if (event.kind !== 'text') continue
      happens({ kind: 'delta', delta: { kind: 'text', text: event.text }, at: performance.now() })
      if (++deltas === stopAt) happens({ kind: 'interrupt', at: performance.now() })
      if (ui.phase !== 'answering') return
    }
    happens({ kind: 'complete', at: performance.now() })
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    happens({ kind: 'failed', say: error.message, at: performance.now() })
  }
}

function happens(event: UiEvent): void {
  ui = step(ui, event)
  if (stdout.isTTY) stdout.write(`\u001b[2J\u001b[H${paint(ui, columns())}`)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
