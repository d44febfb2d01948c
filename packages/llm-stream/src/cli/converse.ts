import type { ChatMessage } from '../provider.ts'
import { printAnswer } from './answer.ts'
import { colorful, conclude, INTERRUPTED, type Terminal } from './conclude.ts'
import type { Target } from './target.ts'
import { MAX_WAITING, readTypedLines } from './typed-lines.ts'

const WELCOME = 'Ctrl-C stops an answer, Ctrl-D ends the conversation. A line typed during an answer is asked next.\n'

/**
 * A conversation: prompt, answer, prompt. Ctrl-C stops an answer and keeps what came of it; at the prompt it ends the
 * conversation, as Ctrl-D does anywhere.
 */
export async function converse(
  target: Target,
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const { stdin, stdout, stderr } = terminal
  const messages: ChatMessage[] = []
  let answering: AbortController | undefined
  let interrupted = false
  const lines = readTypedLines({
    input: stdin,
    output: stdout.isTTY ? stdout : stderr, // who sends the answers to a file still wants to see the prompt
    onInterrupt: interrupt,
    onEnd: () => answering?.abort(),
    onOverflow: () => stderr.write(`(${MAX_WAITING} lines wait already: this one is dropped)\n`),
  })

  function interrupt(): void {
    answering?.abort()
    if (answering) return
    interrupted = true
    lines.close()
  }

  async function answer(content: string): Promise<void> {
    messages.push({ role: 'user', content })
    answering = new AbortController()
    const { signal } = answering
    const outcome = await printAnswer(target, messages, { stdout, color: colorful(env, stdout), signal })
    answering = undefined
    conclude(outcome, stderr, signal.aborted)
    if (outcome.text === '')
      messages.pop() // nothing came: the question may be asked again
    else messages.push({ role: 'assistant', content: outcome.text })
  }

  const release = terminal.onInterrupt(interrupt)
  try {
    stderr.write(WELCOME)
    for (let line = await lines.next(); line !== null; line = await lines.next()) {
      if (line.trim() !== '') await answer(line.trim())
    }
    return interrupted ? INTERRUPTED : 0
  } finally {
    release()
    lines.close()
  }
}
