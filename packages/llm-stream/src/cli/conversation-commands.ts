import type { ChatMessage } from '../provider.ts'
import { CommandError } from './command-error.ts'
import { readFiles } from './files.ts'
import { UsageError } from './options.ts'

/** What a conversation is about to send, and whether it is over. */
export interface Conversation {
  model: string
  messages: ChatMessage[]
  ended: boolean
}

interface ConversationCommand {
  readonly name: string
  readonly usage: string
  readonly meaning: string
  /** Does it, and says so; empty, if that is plain to see. */
  readonly act: (rest: string, conversation: Conversation, ask: (prompt: string) => Promise<void>) => Promise<string>
}

const COMMANDS: readonly ConversationCommand[] = [
  {
    name: 'model',
    usage: '/model [name]',
    meaning: 'shows or changes the model',
    async act(rest, conversation) {
      if (rest !== '') conversation.model = rest
      return `the model is ${conversation.model}`
    },
  },
  {
    name: 'system',
    usage: '/system [text]',
    meaning: 'sets what the model is told before everything else; without a text: nothing',
    async act(rest, conversation) {
      const others = conversation.messages.filter(({ role }) => role !== 'system')
      conversation.messages = rest === '' ? others : [{ role: 'system', content: rest }, ...others]
      return rest === '' ? 'the model is told nothing before' : 'the model is told this from now on'
    },
  },
  {
    name: 'file',
    usage: '/file <path>',
    meaning: 'asks with the text of a file',
    async act(rest, _, ask) {
      if (rest === '') throw new UsageError('/file wants a path')
      await ask(await readFiles([rest]))
      return ''
    },
  },
  {
    name: 'clear',
    usage: '/clear',
    meaning: 'forgets what has been said',
    async act(_, conversation) {
      conversation.messages = conversation.messages.filter(({ role }) => role === 'system')
      return 'nothing has been said'
    },
  },
  {
    name: 'bye',
    usage: '/bye',
    meaning: 'ends the conversation',
    async act(_, conversation) {
      conversation.ended = true
      return ''
    },
  },
]

const HELP = [...COMMANDS, { usage: '//text', meaning: 'asks /text' }]
  .map(({ usage, meaning }) => `  ${usage.padEnd(16)} ${meaning}`)
  .join('\n')

/** Does what a line that begins with a slash says; returns what to tell the person who typed it. */
export async function obey(
  line: string,
  conversation: Conversation,
  ask: (prompt: string) => Promise<void>,
): Promise<string> {
  if (line.startsWith('//')) {
    await ask(line.slice(1))
    return ''
  }
  const [, name = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? []
  if (name === 'help') return HELP
  const command = COMMANDS.find((each) => each.name === name)
  if (!command) return `(there is no /${name}; there is:)\n${HELP}`
  try {
    const said = await command.act(rest, conversation, ask)
    return said === '' ? '' : `(${said})`
  } catch (error) {
    if (error instanceof UsageError || error instanceof CommandError) return `(${error.message})`
    throw error
  }
}
