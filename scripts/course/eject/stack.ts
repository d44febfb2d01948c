// What a package of one's own gets when all five layers and the capstone are done: the stack as one function, and its test.

/** The layers of the stack: each with the exercise that it is from. */
export const STACK = {
  createLineReader: '0.4',
  createChunkDecoder: '1.4',
  createSseParser: '2.3',
  fromOpenAI: '3.2',
  untilSentinel: '3.4',
  compose: '3.8',
} as const

/** @param fileOf the file of an exercise in the package */
export function stackSource(fileOf: (id: string) => string): string {
  const imports = Object.entries(STACK).map(([name, id]) => `import { ${name} } from './${fileOf(id)}'`)
  const layers = Object.keys(STACK).filter((name) => name !== 'compose')
  return `${["import { connect } from './connect.ts'", ...imports].join('\n')}

/** Asks a model that speaks the wire of OpenAI's chat completions, and gives out its answer as it comes. */
export const ask = compose({ connect, ${layers.join(', ')} })
`
}

/** @param name of the package, which knows itself by it */
export function stackTest(name: string): string {
  return `import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { ask } from '${name}'

const token = (content) => 'data: ' + JSON.stringify({ choices: [{ index: 0, delta: { content } }] }) + '\\n\\n'
const HEAD = 'HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n'

/** Chunks of one byte: each token, and each character, is cut. */
function chunked(text) {
  const bytes = Buffer.from(text)
  const chunks = Array.from(bytes, (byte) => Buffer.concat([Buffer.from('1\\r\\n'), Buffer.of(byte), Buffer.from('\\r\\n')]))
  return Buffer.concat([Buffer.from(HEAD), ...chunks, Buffer.from('0\\r\\n\\r\\n')])
}

async function answered(text) {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(chunked(text)))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let words = ''
  try {
    const url = new URL('http://127.0.0.1:' + server.address().port + '/v1/chat/completions')
    for await (const delta of ask({ url, json: { model: 'm', stream: true } })) if (delta.kind === 'text') words += delta.text
    return words
  } finally {
    server.close()
  }
}

test('an answer that is cut everywhere is whole', async () => {
  assert.equal(await answered(token('Hällo') + token(', 世界') + 'data: [DONE]\\n\\n'), 'Hällo, 世界')
})

test('an answer without its end is not whole', async () => {
  await assert.rejects(answered(token('Hällo')), { code: 'Truncated' })
})
`
}
