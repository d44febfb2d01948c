import type { ChatMessage } from '../provider.ts'
import type { RecordedRead } from '../recorded-read.ts'
import { printAnswer } from './answer.ts'
import { type ChatOptions, chatOf, systemMessage } from './chat-options.ts'
import { conclude, EXIT, type Terminal } from './conclude.ts'
import { type Conversation, obey } from './conversation-commands.ts'
import type { PromptHistory } from './prompt-history.ts'
import { say } from './say.ts'
import type { Target } from './target.ts'
import { MAX_WAITING, readTypedLines } from './typed-lines.ts'

const WELCOME =
  'Ctrl-C stops an answer, Ctrl-D ends the conversation, /help lists commands. A line typed during an answer is asked next.'

export interface ConverseOptions {
  readonly target: Target
  readonly options: ChatOptions
  readonly color: boolean
  readonly terminal: Terminal
  readonly history: PromptHistory
  readonly record: (() => (entry: RecordedRead) => void) | undefined
}

/**
 * A conversation: prompt, answer, prompt. Ctrl-C stops an answer and keeps what came of it; a second one, or one at the
 * prompt, ends the conversation, as Ctrl-D does anywhere.
 */
export async function converse(setup: ConverseOptions): Promise<number> {
  const { target, options, color, terminal, history, record } = setup
  const { stdin, stdout, stderr } = terminal
  const conversation: Conversation = { model: target.model, messages: [...systemMessage(options)], ended: false }
  let answering: AbortController | undefined
  let interrupted = false
  const lines = readTypedLines({
    input: stdin,
    history: history.lines,
    output: stdout.isTTY ? stdout : stderr, // who sends the answers to a file still wants to see the prompt
    onInterrupt: interrupt,
    onEnd: () => answering?.abort(),
    onOverflow: () => say(stderr, `(${MAX_WAITING} lines wait already: this one is dropped)`),
  })

  function interrupt(): void {
    const isFirst = answering?.signal.aborted === false
    answering?.abort()
    if (isFirst) return
    interrupted = true
    lines.close()
  }

  async function answer(content: string): Promise<void> {
    const { messages } = conversation
    const message: ChatMessage = { role: 'user', content }
    messages.push(message)
    answering = new AbortController()
    const { signal } = answering
    const chat = { ...chatOf(conversation.model, options), messages }
    const outcome = await printAnswer(target, chat, { stdout, color, signal, record: record?.() })
    answering = undefined
    conclude(outcome, stderr, signal.aborted)
    if (outcome.text === '')
      messages.pop() // nothing came: the question may be asked again
    else messages.push({ role: 'assistant', content: outcome.text, turn: outcome.turn })
  }

  function tell(said: string): void {
    if (said !== '') say(stderr, said)
  }

  const release = terminal.onInterrupt(interrupt)
  try {
    say(stderr, WELCOME)
    for (let line = await lines.next(); line !== null; line = await lines.next()) {
      await history.add(line)
      const typed = line.trim()
      if (typed.startsWith('/')) tell(await obey(typed, conversation, answer))
      else if (typed !== '') await answer(typed)
      if (conversation.ended) break
    }
    return interrupted ? EXIT.interrupted : EXIT.complete
  } finally {
    release()
    lines.close()
  }
}
