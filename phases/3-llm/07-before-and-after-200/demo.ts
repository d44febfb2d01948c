import { asBytes } from '@sse-from-scratch/course'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { explain as xray } from '@sse-from-scratch/wire-xray'
import { explain } from '#ex/07-before-and-after-200'
import type { StreamFailure } from './contract.ts'

// A server that goes wrong in eight ways, over a real connection, and what your code makes of each.
const FAULTS = [
  'status=auth',
  'status=rate-limit,retry-after=2s',
  'status=rate-limit,retry-after=date:30s',
  'status=quota',
  'status=overloaded',
  'error=overloaded@1',
  'error=overloaded@7',
  'cut=clean@7',
]
const columns = process.stdout.columns || 80
const simulator = await startSimulator({ tokensPerSecond: 0 })
try {
  for (const fault of FAULTS) {
    const response = await fetch(`${simulator.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-sim-fault': fault },
      body: '{"model":"simulator","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"What is the sea?"}]}',
    })
    const body = await response.text()
    const failure = failureOf(response, body)
    console.log(`\n── ${fault}`)
    console.log(`   came: ${cameAs(response, failure)}`)
    if (fault === 'error=overloaded@1') console.log(xray(asBytes(body), { as: 'event-stream', columns }))
    const { retry, afterMs, say } = explain(failure)
    const when = afterMs === undefined ? 'again, later' : `again, in ${afterMs} ms`
    console.log(`   you:  ${retry ? when : 'not again'}`)
    console.log(`   say:  ${say}`)
  }
} catch (error) {
  console.log('explain:', error instanceof Error ? error.message : error)
}
await simulator.close()

function cameAs({ status, headers }: Response, failure: StreamFailure): string {
  const after = headers.get('retry-after')
  if (failure.kind === 'status') return `status ${status}${after === null ? '' : `, retry-after: ${after}`}`
  const seen = failure.delivered === '' ? 'no text' : JSON.stringify(failure.delivered)
  return `status ${status}, ${seen}, then ${failure.kind === 'cut' ? 'the end, without an end mark' : 'an error event'}`
}

function failureOf({ status, headers }: Response, body: string): StreamFailure {
  if (status !== 200) return { kind: 'status', status, headers: Object.fromEntries(headers), body }
  let delivered = ''
  let error: string | undefined
  createEventDecoder().push(asBytes(body), (item) => {
    if (item.kind !== 'event') return
    const json = JSON.parse(item.event.data)
    if (json.type === 'error') error = item.event.data
    delivered += json.delta?.text ?? ''
  })
  return error === undefined ? { kind: 'cut', delivered } : { kind: 'event', data: error, delivered }
}
