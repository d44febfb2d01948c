import {
  createPool,
  createRequestDecoder,
  type PoolOptions,
  type RequestOptions,
  request,
  type ServeOptions,
  serve,
} from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'
import { exchange, toyChunked } from './support.ts'

/** What JavaScript lets people write. */
const wrong = (value: unknown) => value as never
const dial = () => Promise.reject(new Error('it has been dialled'))
const ask = (options: RequestOptions) => request('http://a/', { dial, ...options }).catch((error: unknown) => error)

describe('a request', () => {
  test.each([
    ['an Object', { a: 1 }],
    ['an Array', ['a']],
    ['a number', 5],
    ['a boolean', false],
    ['null', null],
    ['an ArrayBuffer', new ArrayBuffer(3)],
    ['a Blob', new Blob(['a'])],
    ['a FormData', new FormData()],
    ['a URLSearchParams', new URLSearchParams('a=b')],
    ['a Promise', Promise.resolve('a')],
  ])('whose body is %s is a TypeError that says so, before anything is dialled', async (name, body) => {
    const error = await ask({ method: 'POST', body: wrong(body), transferCodings: [toyChunked] })
    expect(error).toBeInstanceOf(TypeError)
    expect(`${error}`).toContain(`not ${name}: `)
  })

  test.each<[name: string, options: RequestOptions]>([
    ['redirects', { redirects: 1.5 }],
    ['redirects', { redirects: wrong('3') }],
    ['headTimeout', { headTimeout: wrong('100') }],
    ['bodySize', { limits: { bodySize: wrong('100') } }],
    ['fieldCount', { limits: { fieldCount: 0.5 } }],
  ])('with a wrong %s is a RangeError that names it: %j', async (name, options) => {
    const error = await ask(options)
    expect(error).toBeInstanceOf(RangeError)
    expect(`${error}`).toContain(name)
  })

  test.each(['connectTimeout', 'idleTimeout'])('with a wrong %s is a RangeError that names it', async (name) => {
    await expect(request('http://127.0.0.1:9/', { [name]: '5' })).rejects.toThrow(name)
    await expect(request('http://127.0.0.1:9/', { [name]: '5' })).rejects.toThrow(RangeError)
  })
})

test.each<[name: string, options: PoolOptions]>([
  ['maxConnections', { maxConnections: 1.5 }],
  ['maxConnections', { maxConnections: wrong('8') }],
  ['maxWaiting', { maxWaiting: 0.5 }],
  ['maxIdle', { maxIdle: wrong({}) }],
  ['queueTimeout', { queueTimeout: wrong('5') }],
])('a pool with a wrong %s is a RangeError that names it: %j', (name, options) => {
  expect(() => createPool(options)).toThrow(RangeError)
  expect(() => createPool(options)).toThrow(name)
})

test.each<[name: string, options: ServeOptions]>([
  ['port', { port: wrong('80') }],
  ['port', { port: 1.5 }],
  ['maxConnections', { maxConnections: 1.5 }],
  ['maxConnections', { maxConnections: wrong('8') }],
  ['drainSize', { drainSize: 1.5 }],
  ['keepAliveTimeout', { keepAliveTimeout: wrong('5') }],
  ['idleTimeout', { idleTimeout: wrong(true) }],
])('a server with a wrong %s is a RangeError that names it: %j', async (name, options) => {
  await expect(serve(() => {}, options)).rejects.toThrow(RangeError)
  await expect(serve(() => {}, options)).rejects.toThrow(name)
})

test('a text that looks like a number is quoted, so that it can be seen that it is text', async () => {
  await expect(serve(() => {}, { port: wrong('80') })).rejects.toThrow('not "80"')
  expect(() => createRequestDecoder({ limits: { headSize: wrong('8') } })).toThrow('not "8"')
})

test('a piece of text written to a body is a TypeError that says how to make bytes of it', async () => {
  let said: unknown
  await exchange(async (_request, respond) => {
    const body = await respond(200)
    said = await body.write(wrong('text')).catch((error: unknown) => error)
    await body.end()
  }, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(said).toBeInstanceOf(TypeError)
  expect(`${said}`).toContain('TextEncoder')
})
