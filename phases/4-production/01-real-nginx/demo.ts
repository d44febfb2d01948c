import { headers, nginxConf, whatHolds } from '#ex/01-real-nginx'
import { HOP } from './samples/hop.ts'
import { measure, type Result, type Setup } from './samples/measure.ts'

// One stream of five events through seven configurations: who asked how, what was seen when, and what you make of it.
const GZIP = 'gzip on; gzip_types text/event-stream; gzip_min_length 0;'
const V11 = 'proxy_http_version 1.1;'
const GAP = 80

const setups: readonly [string, () => Setup][] = [
  ['nothing but proxy_pass', () => ({})],
  ['+ proxy_http_version 1.1', () => ({ location: V11 })],
  ['  and the server sends no chunks', () => ({ location: V11, untilClose: true })],
  ['  and gzip for event streams', () => ({ location: V11, http: GZIP })],
  ['  and events of 6000 bytes', () => ({ location: V11, eventSize: 6000 })],
  ['proxy_pass, and your headers()', () => ({ headers: headers() })],
  ['your nginxConf(), 6000 bytes', () => ({ location: nginxConf(), eventSize: 6000 })],
]

console.log(`through ${HOP}\n`)
console.log('                                  nginx     the body ends   events sent, and seen,    your')
console.log('configuration                     asks in   with            after so many ms          whatHolds')
for (const [name, setup] of setups) {
  try {
    const result = await measure({ gap: GAP, patience: GAP, ...setup() })
    const end = result.answered === 'chunked' ? 'the last chunk' : 'the connection'
    console.log(`${name.padEnd(34)}${result.asked}  ${end}  sent ${times(result.sent)}`)
    console.log(`${' '.repeat(60)}seen ${times(result.seen)}  ${cause(result)}`)
  } catch (error) {
    console.log(`${name.padEnd(34)}${error instanceof Error ? error.message : error}`)
  }
}
console.log('\nAn event is late when the one after it was sent before it was seen.')

function times(list: readonly number[]): string {
  return list.map((time) => String(Math.round(time)).padStart(4)).join('')
}

function cause(result: Result): string {
  try {
    return whatHolds(result)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
