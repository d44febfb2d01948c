import { asBytes } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { createSseParser } from '#ex/03-parser-line-by-line'

// One stream, cut at places that TCP might choose: what your parser hears in each piece.
const pieces = [
  ': hello\nevent: tok',
  'en\nid: 1\ndata: {"text":"wör',
  'ld"}\n\n',
  'data:no space\r',
  '\ndata\r',
  '\n\r',
  'id: 2\rdata: CR alone\r\r',
  'data: half an ev',
]
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
console.log(`${explain(asBytes([head, ...pieces]), { columns: Number(process.env['COLUMNS']) || 80 })}\n`)

try {
  const parser = createSseParser(({ type, data, lastEventId }) =>
    console.log(`    heard: ${type} #${lastEventId} ${JSON.stringify(data)}`),
  )
  for (const piece of pieces) {
    console.log(JSON.stringify(piece))
    parser.push(piece)
  }
  console.log('(the stream ends)')
  parser.end()
} catch (error) {
  console.log('Your parser throws:', error instanceof Error ? error.message : error)
}
