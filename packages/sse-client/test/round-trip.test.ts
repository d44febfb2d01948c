import { createEventDecoder, type ServerSentEvent } from '@sse-from-scratch/sse-client/decoder'
import { encodeComment, encodeEvent } from '@sse-from-scratch/sse-server'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('what sse-server writes is read here as it was meant, cut anywhere', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((value) => !/[\r\n\0]/.test(value))
  const id = line.filter((value) => !/^ | $/.test(value))
  const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\r', '\n', '\r\n', ':', ' ', 'id: '))
  const data = fc.array(part).map((parts) => parts.join(''))
  const event = fc.record({ event: line, id, data }, { requiredKeys: ['data'] })
  fc.assert(
    fc.property(fc.array(event), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (events, sizes) => {
      let lastEventId = ''
      const meant = events.map(({ event, data, id }) => {
        lastEventId = id ?? lastEventId
        return { type: event || 'message', data: data.replace(/\r\n?/g, '\n'), lastEventId }
      })
      const stream = Buffer.concat(events.flatMap((one) => [encodeEvent(one).bytes, encodeComment(one.data).bytes]))
      const heard: ServerSentEvent[] = []
      const decoder = createEventDecoder()
      for (let from = 0; from < stream.length; ) {
        const { value: size } = sizes.next()
        decoder.push(stream.subarray(from, from + size), (item) => item.kind === 'event' && heard.push(item.event))
        from += size
      }
      expect(heard).toEqual(meant)
    }),
  )
})
