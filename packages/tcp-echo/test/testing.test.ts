import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { decodeAll, everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'
import { bytes, text, turns } from './bytes.ts'

test('everySplit cuts in two at each place, and then into single bytes', () => {
  expect([...everySplit(bytes('abc'))].map((reads) => reads.map((read) => text(read)))).toEqual([
    ['', 'abc'],
    ['a', 'bc'],
    ['ab', 'c'],
    ['abc', ''],
    ['a', 'b', 'c'],
  ])
})

test('decodeAll collects what push and end emit', () => {
  const decoder: Decoder<string> = {
    state: 'any',
    push(bytes, emit) {
      emit(text(bytes))
      return bytes.length
    },
    end: (emit) => emit('end'),
  }
  expect(decodeAll(decoder, [bytes('a'), bytes('b')])).toEqual(['a', 'b', 'end'])
})

test.each([-1, 2, Number.NaN])('decodeAll does not believe a decoder that took %d of 1 byte', (taken) => {
  const decoder: Decoder<string> = { state: 'any', push: () => taken, end: () => {} }
  expect(() => decodeAll(decoder, [bytes('a')])).toThrow(RangeError)
})

test('a memory pair holds as much as its capacity, and the rest is unsent', async () => {
  const [client, server] = memoryPair({ capacity: 4 })
  await client.write(bytes('abcd'))
  expect(client.unsent).toBe(0)
  const order: string[] = []
  const writing = client.write(bytes('e'), bytes('fg')).then(() => order.push('written'))
  expect(client.unsent).toBe(3)
  await turns(2)
  order.push('read')
  expect(text((await server.read()) as Uint8Array)).toBe('abcd')
  expect(client.unsent).toBe(0)
  await writing
  expect(order).toEqual(['read', 'written'])
})

test('a memory pair resets a writer whose bytes nobody will take any more', async () => {
  const [client, server] = memoryPair({ capacity: 0 })
  const writing = client.write(bytes('x'))
  await server[Symbol.asyncDispose]()
  await expect(writing).rejects.toMatchObject({ code: 'TCP_RESET' })
})

test.each([-1, Number.NaN])('a capacity of %d is a RangeError', (capacity) => {
  expect(() => memoryPair({ capacity })).toThrow(RangeError)
})
