/**
 * A box for a prompt, and the answer as the model writes it: the page of every chat, in one server and one HTML file.
 *
 * The browser POSTs the prompt and reads an event stream from the response; EventSource cannot, it only knows GET. A
 * simulator answers: no account, no key, no network. A real model does when the environment names one.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import {
  describeEnv,
  LlmError,
  modelFromEnv,
  openai,
  type Provider,
  providerFromEnv,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { type Simulator, startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { type Session, SessionError } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { fail, orExit, wholeNumber } from './command-line.ts'

const USAGE = `usage: prompt-page [--port 0] [--tokens-per-second 40]

  --port                where to listen on 127.0.0.1; 0 takes any free port
  --tokens-per-second   pace of the simulator; 0 is as fast as it can
  --help                this text

A real model answers when one of these is set:
  OPENAI_API_KEY or ANTHROPIC_API_KEY
  LLM_BASE_URL          any OpenAI-compatible server, as http://localhost:1234/v1 (LLM_API_KEY, if it wants one)
  LLM_MODEL             the model to ask it for
Ctrl-C ends it.
`

const MAX_TOKENS = 1024
const MAX_PROMPT = 16_000 // characters
const MAX_BODY = 4 * MAX_PROMPT + 1024 // bytes
const MAX_ANSWERS = 8 // at a time
const HEARTBEAT = 1000 // milliseconds: how soon we notice that nobody listens to a model that is silent
const PATIENCE = 1000 // milliseconds an answer gets to end after Ctrl-C

/** Who answers. */
interface Model {
  readonly provider: Provider
  readonly name: (signal: AbortSignal) => Promise<string>
}

/** A request that is not served, with the status and the sentence that say why. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** `undefined` for --help. */
function readArguments(): { readonly port: number; readonly tokensPerSecond: number } | undefined {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'tokens-per-second': { type: 'string', default: '40' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    port: wholeNumber('--port', values.port, 65_535),
    tokensPerSecond: wholeNumber('--tokens-per-second', values['tokens-per-second'], 100_000),
  }
}

async function main(): Promise<void> {
  const asked = orExit(readArguments)
  if (asked === undefined) return void process.stdout.write(USAGE)
  await using simulator = await startSimulator({ tokensPerSecond: asked.tokensPerSecond })
  for (const sentence of describeEnv()) console.error(sentence)
  const route = createRoute(modelFor(simulator), await loadPage())
  const listener = await serve(route, {
    port: asked.port,
    limits: { bodySize: MAX_BODY },
    onError: (error) => {
      if (!(error instanceof SessionError)) console.error(String(error)) // who leaves early is no news
    },
  })
  process.stdout.write(`http://127.0.0.1:${listener.address.port}/\n`)
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve)
  })
  await listener.close(AbortSignal.timeout(PATIENCE))
}

function modelFor({ url }: Simulator): Model {
  const provider = providerFromEnv()
  if (provider !== undefined) return { provider, name: (signal) => modelFromEnv(provider, process.env, { signal }) }
  return { provider: openai({ baseUrl: `${url}/v1` }), name: async () => 'simulator' }
}

function createRoute(model: Model, page: Page): (request: IncomingRequest, respond: Respond) => Promise<void> {
  let answers = 0

  async function serveAnswer(request: IncomingRequest, respond: Respond): Promise<void> {
    const prompt = await readPrompt(request)
    if (answers >= MAX_ANSWERS) throw new Refusal(503, `${MAX_ANSWERS} answers are under way; try again later.`)
    answers++
    try {
      await answer(prompt, model, await openSession(request, respond, { heartbeat: HEARTBEAT }))
    } finally {
      answers--
    }
  }

  return async (request, respond) => {
    try {
      assertOwnPage(request)
      const [path] = request.target.split('?')
      if (path === '/' && request.method === 'GET') await respond(200, page.fields, page.html)
      else if (path === '/answer' && request.method === 'POST') await serveAnswer(request, respond)
      else throw new Refusal(404, 'There is GET / and POST /answer.')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await respond(error.status, { 'Content-Type': 'text/plain; charset=utf-8' }, `${error.message}\n`)
    }
  }
}

/**
 * Another site can make a browser ask us, and a name of its own can be pointed at this machine: the model may cost
 * money, so neither is served. Browsers say in Origin which page asks, and in Host which name was used.
 */
function assertOwnPage({ fields }: IncomingRequest): void {
  const host = fields.get('host') ?? ''
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(host)) throw new Refusal(403, 'Use 127.0.0.1 or localhost.')
  const origin = fields.get('origin') ?? `http://${host}`
  if (origin !== `http://${host}`) throw new Refusal(403, 'Only the page of this server may ask.')
}

async function readPrompt({ fields, body }: IncomingRequest): Promise<string> {
  const [type] = (fields.get('content-type') ?? '').toLowerCase().split(';')
  // A form of another site cannot send this type without asking us first (the CORS preflight), and we never say yes.
  if (type?.trim() !== 'application/json') throw new Refusal(415, 'The prompt comes as application/json.')
  const prompt = promptIn(await body.text())
  if (prompt === '') throw new Refusal(400, 'The prompt is empty. Ask something.')
  if (prompt.length > MAX_PROMPT) throw new Refusal(413, `A prompt has at most ${MAX_PROMPT} characters.`)
  return prompt
}

function promptIn(json: string): string {
  try {
    const { prompt } = JSON.parse(json)
    if (typeof prompt === 'string') return prompt.trim()
  } catch {
    // not JSON, or null: refused below
  }
  throw new Refusal(400, 'The body must be {"prompt": "…"}.')
}

/** From the model's deltas to our events. Leaves when the browser does, and the model is hung up on with it. */
async function answer(prompt: string, { provider, name }: Model, session: Session): Promise<void> {
  const { signal } = session
  try {
    const chat = {
      model: await name(signal),
      messages: [{ role: 'user' as const, content: prompt }],
      maxTokens: MAX_TOKENS,
    }
    const stream = streamChat(provider, chat, { signal })
    for await (const event of stream)
      if (event.kind === 'text' || event.kind === 'refusal') await send(session, 'token', event.text)
    const { stopReason, usage } = await stream.outcome
    await send(session, 'end', { stopReason, tokens: usage?.outputTokens })
  } catch (error) {
    if (signal.aborted) return // nobody is left to be told
    if (!(error instanceof LlmError)) throw error
    await send(session, 'failure', { code: error.code, message: error.message })
  }
  await session.end()
}

function send(session: Session, event: string, value: unknown): Promise<void> {
  return session.send({ event, data: JSON.stringify(value) })
}

interface Page {
  readonly html: Uint8Array
  readonly fields: Readonly<Record<string, string>>
}

/** The page may run the one script that is in it, and nothing that a model might smuggle in. */
async function loadPage(): Promise<Page> {
  const html = await readFile(new URL('prompt-page.html', import.meta.url))
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(html.toString()) ?? []
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "connect-src 'self'",
    'img-src data:',
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  const fields = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy.join('; ') }
  return { html, fields }
}

main().catch(fail)
