import { asBytes, asText } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { createChunkDecoder } from '#ex/04-the-decoder'

// One body, cut at places that TCP might choose: what your decoder makes of each read.
const reads = ['5;a=b\r', '\nhel', 'lo\r\n8\r\n, world!', '\r\n0\r\nSum: 1', '3\r\n\r\n']
const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
console.log(`${explain(asBytes([head, ...reads]), { columns: Number(process.env['COLUMNS']) || 80 })}\n`)

const decoder = createChunkDecoder()
try {
  for (const read of reads) {
    const pieces = decoder.push(asBytes(read)).map((piece) => JSON.stringify(asText(piece)))
    console.log(
      `${JSON.stringify(read).padEnd(24)} -> ${pieces.join(' ') || '(no data)'}${decoder.done ? ', done' : ''}`,
    )
  }
  decoder.end()
  console.log('The stream has ended, and the body was whole.')
} catch (error) {
  console.log('Your decoder refuses it:', error instanceof Error ? error.message : error)
}
