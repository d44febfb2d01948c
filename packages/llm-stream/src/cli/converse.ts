import { createInterface } from 'node:readline/promises'
import type { ChatMessage } from '../provider.ts'
import { printAnswer } from './answer.ts'
import { colorful, conclude, INTERRUPTED, type Terminal } from './conclude.ts'
import type { Target } from './target.ts'

/**
 * A conversation: prompt, answer, prompt. Ctrl-C stops an answer and keeps what came of it; at the prompt it ends the
 * conversation, as Ctrl-D does.
 */
export async function converse(
  target: Target,
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const { stdin, stdout, stderr } = terminal
  const messages: ChatMessage[] = []
  const asking = createInterface({ input: stdin, output: stdout, terminal: true })
  let stopped = new AbortController()
  const interrupt = () => stopped.abort()
  asking.on('SIGINT', interrupt).on('close', interrupt) // in a terminal, readline is who sees Ctrl-C and Ctrl-D
  const release = terminal.onInterrupt(interrupt)
  let ended = false
  asking.once('close', () => {
    ended = true
  })
  try {
    for (;;) {
      stopped = new AbortController()
      const content = (await asking.question('> ', { signal: stopped.signal })).trim()
      if (content === '') continue
      messages.push({ role: 'user', content })
      stopped = new AbortController()
      const options = { stdout, color: colorful(env, stdout), signal: stopped.signal }
      const outcome = await printAnswer(target, messages, options)
      conclude(outcome, stderr, stopped.signal.aborted)
      if (outcome.text === '')
        messages.pop() // nothing came: the question may be asked again
      else messages.push({ role: 'assistant', content: outcome.text })
      if (ended) return 0
    }
  } catch (error) {
    if (!stopped.signal.aborted) throw error
    stdout.write('\n')
    return ended ? 0 : INTERRUPTED
  } finally {
    release()
    asking.close()
  }
}
