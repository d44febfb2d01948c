import type { Compose, Layers, Question } from '../contract.ts'

export const compose: Compose = (layers) => (question) =>
  layers.untilSentinel(layers.fromOpenAI(eventsOf(layers, bodyOf(layers, question))))

function requestOf({ url, headers = {}, json }: Question): Uint8Array {
  const body = Buffer.from(JSON.stringify(json)) // bytes first: then the length is theirs
  const fields = { Host: url.host, 'Content-Type': 'application/json', Connection: 'close', ...headers }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  if (lines.some((line) => /[\r\n\0]/.test(line))) throw new TypeError('a header with a line end in it')
  const start = `POST ${url.pathname}${url.search} HTTP/1.1`
  return Buffer.concat([Buffer.from([start, ...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n')), body])
}

async function* bodyOf(layers: Layers, question: Question): AsyncGenerator<Uint8Array> {
  const decoder = layers.createChunkDecoder()
  let head: Uint8Array = Buffer.alloc(0)
  let isChunked: boolean | undefined // not known before the head is whole
  for await (const read of layers.connect(question.url, requestOf(question), question.signal)) {
    let bytes = read
    if (isChunked === undefined) {
      head = Buffer.concat([head, read])
      const end = Buffer.from(head).indexOf('\r\n\r\n')
      if (end === -1) continue
      isChunked = isBodyChunked(layers, head.subarray(0, end + 2))
      bytes = head.subarray(end + 4) // what stands behind the head in the same read is body already
    }
    if (!isChunked) yield bytes
    else yield* decoder.push(bytes)
    if (decoder.done) return // whether the server closes or not
  }
  if (isChunked === undefined) throw Object.assign(new Error('the head is cut'), { code: 'Truncated' })
  if (isChunked) decoder.end() // throws where something is missing
}

function isBodyChunked({ createLineReader }: Layers, head: Uint8Array): boolean {
  const lines: string[] = []
  createLineReader((line) => lines.push(line)).push(head)
  const [start = '', ...fields] = lines
  const status = Number(start.split(' ')[1])
  if (status !== 200) throw Object.assign(new Error(`the server says: ${start}`), { code: 'Refused', status })
  return fields.some((field) => /^transfer-encoding:[ \t]*chunked[ \t]*$/i.test(field))
}

async function* eventsOf({ createSseParser }: Layers, body: AsyncIterable<Uint8Array>) {
  const events: { type: string; data: string }[] = []
  const parser = createSseParser((event) => events.push(event))
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true }) // one for the whole stream; the BOM is the parser's
  for await (const bytes of body) {
    parser.push(utf8.decode(bytes, { stream: true }))
  }
  parser.push(utf8.decode())
  parser.end()
  yield* events.splice(0)
}
