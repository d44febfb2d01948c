import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** What a server says to one request, byte for byte (a character is a byte), and what becomes of the connection. */
export interface Reply {
  readonly writes: readonly string[]
  /** `hold` leaves it open, and silent. */
  readonly ending: 'fin' | 'reset' | 'hold'
  /** How many lines of {@link Case.seen} come before a reset. Who has not read what came before one is not told of it. */
  readonly heardBefore?: number
}

/** One conversation of an EventSource with a server, and what everybody must see of it. */
export interface Case {
  readonly name: string
  /** To the first request, the second, and so on. All others get 204, so that every EventSource comes to an end. */
  readonly replies: readonly Reply[]
  /** What the listeners hear, in order: see {@link watch}. */
  readonly seen: readonly string[]
  /** What the server is asked: path below the case, and the last event ID if there is one. */
  readonly asked: readonly string[]
  /** Types to listen to, besides open, message and error. */
  readonly types?: readonly string[]
  /** Calls close() in the first listener for this type; `construction`: right behind the constructor. */
  readonly closeAt?: string
  /** Reconnection times in milliseconds. Only ours can say; nobody else waits so long in a test. */
  readonly times?: readonly number[]
}

export const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

export interface AnswerOptions {
  readonly status?: number
  /** Lines of the header section. Default: the content type of an event stream. */
  readonly fields?: readonly string[]
  readonly framing?: 'length' | 'chunked' | 'close'
}

export const TYPE = 'Content-Type: text/event-stream'

/** A whole response, `text` in UTF-8 as its body. */
export function response(
  text: string,
  { status = 200, fields = [TYPE], framing = 'length' }: AnswerOptions = {},
): string {
  const content = latin1(text)
  const framed = { length: [`Content-Length: ${content.length}`], chunked: ['Transfer-Encoding: chunked'], close: [] }
  const lines = [`HTTP/1.1 ${status} X`, 'Access-Control-Allow-Origin: *', 'Connection: close', ...fields]
  const head = `${[...lines, ...framed[framing]].join('\r\n')}\r\n\r\n`
  if (framing !== 'chunked') return head + content
  return `${head}${content === '' ? '' : `${content.length.toString(16)}\r\n${content}\r\n`}0\r\n\r\n`
}

export const answer = (text: string, options?: AnswerOptions): Reply => ({
  writes: [response(text, options)],
  ending: 'fin',
})

/** The same, and then nothing, for ever. */
export const held = (text: string): Reply => ({ writes: [response(text, { framing: 'close' })], ending: 'hold' })

/** A server that plays cases, each as often as it is asked to. */
interface Stage extends AsyncDisposable {
  /** Begins a case for one client. */
  play(theCase: Case): Performance
}

export interface Performance {
  readonly url: string
  /** A stream that ends at once, and with it whoever reads it: when it has been heard, what came before it has been, too. */
  readonly control: string
  /** Where listeners say how much they have heard, if somebody waits for it. */
  readonly report: string | undefined
  /** The requests so far, as in {@link Case.asked}. */
  readonly asked: readonly string[]
  /** Their whole heads. */
  readonly heads: readonly string[]
}

/** A case that is being played. */
interface Act {
  readonly theCase: Case
  readonly asked: string[]
  readonly heads: string[]
  /** An event is how many lines the listeners have heard. */
  readonly heard: EventEmitter
}

export async function startStage(): Promise<Stage> {
  const performances: Act[] = []
  const sockets = new Set<Socket>()
  const [here, other] = await Promise.all([listen(false), listen(true)])

  async function listen(isOther: boolean): Promise<Server> {
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
      let head = ''
      socket.on('data', (bytes) => {
        head += bytes.toString('latin1')
        if (head.endsWith('\r\n\r\n')) perform(socket, head, isOther)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  function perform(socket: Socket, head: string, isOther: boolean): void {
    const [, number = '', path = ''] = /^GET \/(\d+)(\/[^ ]*) /.exec(head) ?? []
    const performance = performances[Number(number)]
    if (performance === undefined || path === '/control') {
      say(socket, number, gone)
      return
    }
    const [, heard] = /^\/heard\?(\d+)$/.exec(path) ?? []
    if (heard !== undefined) {
      performance.heard.emit(heard)
      say(socket, number, gone)
      return
    }
    const id = /\r\nlast-event-id:[ \t]*(.*?)[ \t]*\r\n/i.exec(head)?.[1]
    const idText = id === undefined ? '' : ` id ${JSON.stringify(Buffer.from(id, 'latin1').toString())}`
    performance.heads.push(head)
    const nth = performance.asked.push(`${isOther ? 'other ' : ''}${path}${idText}`)
    const reply = performance.theCase.replies[nth - 1] ?? gone
    const { heardBefore = 0 } = reply
    say(socket, number, reply, heardBefore > 0 && once(performance.heard, `${heardBefore}`))
  }

  async function say(socket: Socket, number: string, { writes, ending }: Reply, heard?: unknown): Promise<void> {
    for (const bytes of writes) {
      const located = bytes
        .replace('{here}', `${origin(here)}/${number}`)
        .replace('{other}', `${origin(other)}/${number}`)
      socket.write(located, 'latin1')
      if (writes.length > 1) await new Promise((resolve) => setTimeout(resolve, 5)) // pieces that come in reads of their own
    }
    if (ending === 'fin') socket.end()
    if (ending === 'reset') {
      await heard
      socket.resetAndDestroy()
    }
  }

  return {
    play(theCase) {
      const [asked, heads]: [string[], string[]] = [[], []]
      const base = `${origin(here)}/${performances.push({ theCase, asked, heads, heard: new EventEmitter() }) - 1}`
      const isAwaited = theCase.replies.some(({ heardBefore }) => heardBefore !== undefined)
      const report = isAwaited ? `${base}/heard` : undefined
      return { url: `${base}/`, control: `${base}/control`, report, asked, heads }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await Promise.all([here, other].map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

const gone: Reply = {
  writes: ['HTTP/1.1 204 X\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n'],
  ending: 'fin',
}
const origin = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

interface Watching {
  readonly types?: readonly string[]
  readonly closeAt?: string
  readonly control: string
  readonly report?: string | undefined
}

/**
 * What the listeners of an EventSource hear until it is CLOSED: `open 1`, `message "data" "id"`, `error 0`.
 *
 * It runs in a browser too, and so reaches nothing outside itself.
 */
export function watch(
  Class: typeof EventSource,
  url: string,
  { types = [], closeAt, control, report }: Watching,
  init: object = {},
): Promise<string[]> {
  return new Promise((resolve) => {
    const seen: string[] = []
    const source = new Class(url, init)
    const finish = (more = '') => {
      if (more !== '') seen.push(more)
      source.close()
      clearTimeout(patience)
      resolve(seen)
    }
    // Bounds for who does not come to an end, far from what even a busy machine takes.
    const patience = setTimeout(() => finish('and then nothing'), 120_000)
    const close = () => {
      source.close()
      const later = new Class(control, init)
      later.onerror = () => later.readyState === 2 && finish()
    }
    const tell = (heard: number) => report && fetch(`${report}?${heard}`, { mode: 'no-cors' }).catch(() => {})
    for (const type of ['open', 'message', 'error', ...types]) {
      source.addEventListener(type, (event) => {
        const { data, lastEventId, origin } = event as MessageEvent
        const from = origin === undefined || origin === new URL(url).origin ? '' : ' from the other origin'
        const what =
          data === undefined ? `${source.readyState}` : `${JSON.stringify(data)} ${JSON.stringify(lastEventId)}`
        tell(seen.push(`${type} ${what}${from}`))
        if (type === closeAt) close()
        else if (data === undefined && source.readyState === 2) finish()
        else if (seen.length > 40) finish('and so on')
      })
    }
    if (closeAt === 'construction') close()
  })
}
