import { request } from '../../packages/chunked/src/index.ts'
import { type Dial, dial } from '../../packages/http-raw/src/index.ts'
import { type Connection, listen } from '../../packages/tcp-echo/src/index.ts'
import { memoryPair } from '../../packages/tcp-echo/src/testing.ts'
import { CELL, CELL_HEIGHT, cell, type Drawing, MARGIN, pictureOf, TOP, text, WIDTH } from './poster-svg.ts'

/** How a server lets a response end, and what that has to mean. */
interface Ending {
  readonly title: string
  readonly head: string
  readonly body: string
  /** What came behind the last byte. */
  readonly behind: 'FIN' | 'RST' | 'silence'
  readonly lesson: string
  /** The client cannot know whether it has all of it. */
  readonly isDoubtful?: boolean
}

/** What a client of ours made of one. */
export interface Outcome extends Ending {
  /** `complete`, or the code of the error that reading the body rejected with. */
  readonly verdict: string
}

const CHUNKED = 'Transfer-Encoding: chunked'

const ENDINGS: readonly Ending[] = [
  {
    title: 'Chunked, whole',
    head: CHUNKED,
    body: '5\r\nhello\r\n0\r\n\r\n',
    behind: 'FIN',
    lesson: 'Size zero and the blank line end the body (RFC 9112 §7.1). The FIN has nothing to add.',
  },
  {
    title: 'Chunked, cut by FIN',
    head: CHUNKED,
    body: '5\r\nhello\r\n',
    behind: 'FIN',
    lesson: 'Between two chunks, and yet cut: no last chunk (RFC 9112 §8). A killed process ends like that.',
  },
  {
    title: 'Chunked, cut by RST',
    head: CHUNKED,
    body: '5\r\nhel',
    behind: 'RST',
    lesson: 'The other side has dropped the connection. What came before can still be read.',
  },
  {
    title: 'Chunked, and then silence',
    head: CHUNKED,
    body: '5\r\nhello\r\n',
    behind: 'silence',
    lesson: 'A pulled cable sends nothing: no FIN, no RST. Only a timer of yours can tell.',
  },
  {
    title: 'Content-Length, too short',
    head: 'Content-Length: 10',
    body: 'hello',
    behind: 'FIN',
    lesson: 'Ten were promised and five came (RFC 9112 §6.3, §8).',
  },
  {
    title: 'Neither: until the connection closes',
    head: 'Connection: close',
    body: 'hel',
    behind: 'FIN',
    lesson: 'Should it have been “hello”? FIN is the only end there is: nobody can know (RFC 9112 §8).',
    isDoubtful: true,
  },
]

const BAND = 104
const LONGEST = Math.max(...ENDINGS.map(({ body }) => body.length))
const BEHIND_AT = MARGIN + LONGEST * CELL + 16

/** Each ending is really met by our client, in memory, or over TCP where time has a part in it. */
export function meetEndings(): Promise<Outcome[]> {
  return Promise.all(ENDINGS.map(async (ending) => ({ ...ending, verdict: await meet(ending) })))
}

async function meet(ending: Ending): Promise<string> {
  if (ending.behind === 'silence') return meetSilence(ending)
  const [client, server] = memoryPair()
  const [verdict] = await Promise.all([verdictOf(async () => client), answer(server, ending)])
  return verdict
}

/** There is no time in memory. */
async function meetSilence(ending: Ending): Promise<string> {
  const server = await listen(async (connection) => {
    await answer(connection, ending)
    await connection.read().catch(() => null) // until the client has had enough
  })
  try {
    return await verdictOf((_url, options) =>
      dial(new URL(`http://127.0.0.1:${server.address.port}`), { ...options, idleTimeout: 50 }),
    )
  } finally {
    await server[Symbol.asyncDispose]()
  }
}

async function verdictOf(dial: Dial): Promise<string> {
  try {
    const response = await request('http://shop.example/', { dial })
    await response.body.bytes()
    return 'complete'
  } catch (error) {
    return (error as { readonly code: string }).code
  }
}

async function answer(connection: Connection, { head, body, behind }: Ending): Promise<void> {
  await connection.read()
  await connection.write(new TextEncoder().encode(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`))
  if (behind === 'FIN') await connection.end()
  if (behind === 'RST') connection.abort()
}

/** A band for each: the bytes of the body, what came behind them, what our client says. */
export function drawEndings(outcomes: readonly Outcome[]): Drawing {
  return {
    parts: outcomes.flatMap((outcome, at) => drawEnding(outcome, TOP + at * BAND)),
    height: TOP + outcomes.length * BAND,
  }
}

function drawEnding(outcome: Outcome, y: number): string[] {
  const { title, head, body, behind, lesson, verdict } = outcome
  const bytes = [...new TextEncoder().encode(body)]
  const [sign, tone] = outcome.isDoubtful ? ['?', 'quiet'] : verdict === 'complete' ? ['✓', 'sse'] : ['✗', 'alarm']
  return [
    `<path class="line" d="M${MARGIN} ${y}H${WIDTH - MARGIN}"/>`,
    `<text x="${MARGIN}" y="${y + 22}"><tspan class="name">${title}</tspan><tspan class="quiet">  ${head}</tspan></text>`,
    ...bytes.map((byte, at) => cell(MARGIN + at * CELL, y + 32, byte, false)),
    text(BEHIND_AT, y + 32 + CELL_HEIGHT / 2 + 5, behind === 'silence' ? '… silence' : behind, 'name'),
    text(BEHIND_AT + 100, y + 32 + CELL_HEIGHT / 2 + 5, `${sign} ${verdict}`, `name ${tone}`),
    text(MARGIN, y + 87, lesson, 'quiet'),
  ]
}

/** The same as a table. */
export function tellEndings(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ title, head, body, behind, lesson, verdict }) => {
    const shown = [...new TextEncoder().encode(body)].map(pictureOf).join('')
    return `| ${title} | \`${head}\` | \`${shown}\` | ${behind} | \`${verdict}\` | ${lesson} |`
  })
  return ['| ending | head | body | behind it | our client says | why |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}
