import { DEFAULT_LIMITS, type Limits } from '@sse-from-scratch/http-raw'
import fc from 'fast-check'
import { CORPUS } from './corpus.ts'
import { classOf, disputeOver } from './disputes.ts'
import { byteByByte, type Conversation, cutAt, places, requests, responses, wireOf } from './messages.ts'
import { mutate, mutations } from './mutations.ts'
import { type Reading, readMessages } from './read-messages.ts'
import { requestReads, serveReads } from './shells.ts'

/** Small enough that a few hundred bytes are past each of them. */
const SMALL: Partial<Limits> = {
  targetSize: 12,
  headSize: 150,
  fieldCount: 4,
  bodySize: 100,
  chunkExtensionSize: 8,
  trailerSize: 30,
  trailerCount: 1,
  interimResponses: 1,
}

const conversation: fc.Arbitrary<Conversation> = fc.oneof(requests, responses)

/** Some of the messages stay as they are. */
const damage = fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 9, arbitrary: mutations })

const anyLimits: fc.Arbitrary<Partial<Limits>> = fc
  .subarray(Object.entries(SMALL))
  .map((entries) => Object.fromEntries(entries) as Partial<Limits>)

/** Throws unless the two are the same; the message has both. */
function assertSame(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1)]
  if (left !== right) throw new Error(`${what}\nread:     ${left}\nexpected: ${right}`)
}

function assertWithin(reading: Reading, limits: Limits): void {
  for (const { head, body, trailers } of reading.messages) {
    const heads = head.split('\r\n\r\n').slice(0, -1)
    if (heads.length > limits.interimResponses + 1) throw new Error('more interim responses than allowed')
    if (heads.some((one) => one.split('\r\n').length - 1 > limits.fieldCount)) throw new Error('too many field lines')
    if (body.length > limits.bodySize) throw new Error(`a body of ${body.length} bytes`)
    if (trailers.length > limits.trailerSize + limits.trailerCount) throw new Error('trailers too large')
  }
}

/** Each is a promise of the decoders that no input may break. `npm run fuzz` keeps looking for one that does. */
export const PROPERTIES: Readonly<Record<string, fc.IRawProperty<unknown>>> = {
  'what was encoded is what is decoded, wherever the network cuts it': fc.property(conversation, places, (sent, at) => {
    const expected = sent.messages.map(({ meant }) => meant)
    for (const reads of [[wireOf(sent)], cutAt(wireOf(sent), at), byteByByte(wireOf(sent))]) {
      const { messages, outcome } = readMessages(reads, { answers: sent.answers })
      assertSame(messages, expected, 'another message came out')
      assertSame(outcome, 'clean', 'not read to its end')
    }
  }),

  'a conversation that is cut anywhere is never taken for whole': fc.property(
    conversation,
    fc.nat(4000),
    (sent, at) => {
      const last = sent.messages.at(-1)?.wire.length ?? 0
      const wire = wireOf(sent)
      const untilClose = sent.answers !== undefined && sent.messages.at(-1)?.meant.head === '200 OK HTTP/1.1\r\n\r\n'
      const vulnerable = untilClose ? '200 OK HTTP/1.1\r\n\r\n'.length : last // the end of that body nobody can tell
      const cut = wire.length - last + 1 + (at % Math.max(1, vulnerable - 1))
      const { outcome } = readMessages([wire.subarray(0, cut)], { answers: sent.answers })
      if (cut < wire.length) assertSame(/INCOMPLETE/.test(outcome), true, `cut at ${cut}: ${outcome}`)
    },
  ),

  'damage ends in messages or in a refusal that stays one, and the cuts make no difference': fc.property(
    fc.tuple(conversation, mutations, places, anyLimits),
    ([sent, changes, at, limits]) => {
      const wire = mutate(wireOf(sent), changes)
      const options = { answers: sent.answers, limits }
      const whole = readMessages([wire], options)
      assertWithin(whole, { ...DEFAULT_LIMITS, ...limits })
      assertSame(readMessages(cutAt(wire, at), options), whole, 'cuts made a difference')
      assertSame(readMessages(byteByByte(wire), options), whole, 'reading byte by byte made a difference')
    },
  ),

  'our parser and the one of node:http agree, or docs/judges.md says why not': fc.property(
    fc.oneof(
      { weight: 4, arbitrary: conversation.map((sent) => ({ wire: wireOf(sent), answers: sent.answers })) },
      { weight: 1, arbitrary: fc.constantFrom(...CORPUS) },
    ),
    damage,
    (sent, changes) => {
      const dispute = disputeOver({ ...sent, wire: mutate(sent.wire, changes) })
      if (dispute === undefined || classOf(dispute) !== undefined) return
      throw new Error(`${dispute.kind} ${dispute.code}: ${JSON.stringify(dispute.wire)}`)
    },
  ),

  'a server serves what its decoder reads, in that order, and answers the rest with one refusal': fc.asyncProperty(
    fc.tuple(requests, damage, places),
    async ([sent, changes, at]) => {
      const wire = mutate(wireOf(sent), changes)
      const { messages, complete, outcome } = readMessages([wire])
      const { requests, statuses } = await serveReads(
        cutAt(wire, at),
        messages.map(({ head }) => head.slice(0, head.indexOf(' '))),
      )
      const whole = messages.slice(0, complete)
      // An expectation is judged by the server, with a 417, and not by its decoder.
      const unmet = whole.findIndex(({ head }) => /\r\nexpect:/i.test(head))
      if (unmet !== -1) return assertSame(requests, whole.slice(0, requests.length), 'served other requests')
      assertSame(requests, whole, 'served other requests than were read')
      const refused = outcome !== 'clean' && outcome !== 'closed'
      assertSame(statuses.length, complete + Number(refused), `answered ${statuses} to ${outcome}`)
      assertSame(
        statuses.slice(0, complete),
        whole.map(() => 200),
        'refused what was read',
      )
      if (refused) assertSame((statuses.at(-1) ?? 0) >= 400, true, 'answered what was refused')
    },
  ),

  'a client sees what its decoder reads, or an error': fc.asyncProperty(
    fc.tuple(responses, damage, places),
    async ([sent, changes, at]) => {
      const wire = mutate(wireOf(sent), changes)
      const [method = 'GET'] = sent.answers ?? []
      const { messages, complete, outcome } = readMessages([wire], { answers: [method] })
      const seen = await requestReads(method, cutAt(wire, at))
      const [first] = messages
      if (complete === 0 || first === undefined)
        return assertSame(typeof seen, 'string', `took ${outcome} for an answer`)
      const head = `${first.head.split('\r\n\r\n').at(-2)}\r\n\r\n` // without the interim ones
      assertSame(seen, { ...first, head }, 'another answer than was read')
    },
  ),
}
