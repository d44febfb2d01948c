import { inspect } from 'node:util'
import { Fields, parseFieldLine, parseRequestHead } from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'

describe('Fields', () => {
  const fields = new Fields([
    ['Via', '1.0 a'],
    ['X-Case', 'Kept'],
    ['via', '1.1 b'],
  ])

  test('keep the order, the case and the repeats of what was sent', () => {
    expect(fields.toString()).toBe('Via: 1.0 a\r\nX-Case: Kept\r\nvia: 1.1 b\r\n')
    expect([...fields]).toEqual([
      ['Via', '1.0 a'],
      ['X-Case', 'Kept'],
      ['via', '1.1 b'],
    ])
  })

  test('are found under any case, and joined as RFC 9110 §5.3 allows', () => {
    expect(fields.get('VIA')).toBe('1.0 a, 1.1 b')
    expect(fields.all('Via')).toEqual(['1.0 a', '1.1 b'])
    expect([fields.has('x-case'), fields.has('x'), fields.get('x')]).toEqual([true, false, undefined])
  })

  test.each([
    ['Accept', 'Accepd'],
    ['^a', '~a'],
    ['A1', 'Aq'],
  ])('are not found under another name of the same length: %s is not %s', (name, other) => {
    const sent = Fields.parse([`${name}: value`])
    expect([sent.get(name.toUpperCase()), sent.get(other)]).toEqual(['value', undefined])
  })

  test('are lists without empty members and with OWS around the others (RFC 9110 §5.6.1)', () => {
    expect(new Fields({ Connection: ',, Close ,\tkeep-alive,' }).list('connection')).toEqual(['close', 'keep-alive'])
  })

  test('do not take %xA0 for a blank, as trim() would', () => {
    expect(new Fields({ 'Transfer-Encoding': 'chunked\xa0' }).list('transfer-encoding')).toEqual(['chunked\xa0'])
  })

  test('change by copy only', () => {
    expect(String(fields.with('A', 'b').without('VIA'))).toBe('X-Case: Kept\r\nA: b\r\n')
    expect(String(fields)).toBe('Via: 1.0 a\r\nX-Case: Kept\r\nvia: 1.1 b\r\n')
  })

  test('come from a record, a Map, Headers or Fields', () => {
    for (const init of [{ a: 'b' }, new Map([['a', 'b']]), new Headers({ a: 'b' }), new Fields({ a: 'b' })]) {
      expect(String(new Fields(init))).toBe('a: b\r\n')
    }
  })

  test.each([
    ['', 'x'],
    ['a b', 'x'],
    ['a:', 'x'],
    ['a\r\nb', 'x'],
    ['\u0130', 'x'],
    ['a', 'x\r\nSet-Cookie: y'],
    ['a', 'x\ny'],
    ['a', 'x\ry'],
    ['a', 'x\0'],
    ['a', 'x\u010d\u010ay'], // CR LF, once the upper bits are dropped
    ['a', '€'],
  ])('refuse to be made of %j: %j', (name, value) => {
    expect(() => new Fields([[name, value]])).toThrow(TypeError)
    expect(() => new Fields({}).with(name, value)).toThrow(TypeError)
  })

  test('refuse what is not text', () => {
    expect(() => new Fields({ a: undefined as unknown as string })).toThrow(TypeError)
    expect(() => new Fields({ a: 1 as unknown as string })).toThrow(TypeError)
  })

  test('never repeat a refused value, which may be a secret', () => {
    expect(() => new Fields({ Authorization: 'Bearer hunter2\n' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })
})

describe('fields that are printed', () => {
  const fields = new Fields([
    ['Content-Type', 'text/plain'],
    ['Via', 'a'],
    ['authorization', 'Bearer hunter2'],
    ['Set-Cookie', 'a=hunter2'],
    ['set-cookie', 'b=hunter2'],
    ['X-Api-Key', 'hunter2'],
    ['via', 'b'],
  ])
  const shown = {
    'Content-Type': 'text/plain',
    Via: ['a', 'b'],
    authorization: '(not shown)',
    'Set-Cookie': ['(not shown)', '(not shown)'],
    'X-Api-Key': '(not shown)',
  }

  test('are shown by console.log, without what proves who somebody is', () => {
    expect(inspect(fields)).toBe(`Fields ${inspect(shown)}`)
    expect(inspect({ head: { fields: new Fields({ A: 'b' }) } }, { breakLength: 99 })).toBe(
      "{ head: { fields: Fields { A: 'b' } } }",
    )
  })

  test('are a record in JSON, without it', () => {
    expect(JSON.parse(JSON.stringify({ fields }))).toEqual({ fields: shown })
  })

  test('are shown when a peer has sent them, and whatever it calls them', () => {
    const { fields: sent } = parseRequestHead('GET / HTTP/1.1\r\nHost: a\r\n__proto__: b\r\nconstructor:  c \r\n\r\n')
    expect(JSON.stringify(sent)).toBe('{"Host":"a","__proto__":"b","constructor":"c"}')
  })

  test('make Headers, secrets included', () => {
    const headers = new Headers([...fields])
    expect(headers.get('authorization')).toBe('Bearer hunter2')
    expect(headers.getSetCookie()).toEqual(['a=hunter2', 'b=hunter2'])
  })
})

describe('a field line (RFC 9112 §5)', () => {
  test.each([
    ['a: b', 'a', 'b'],
    ['a:b', 'a', 'b'],
    ['a:', 'a', ''],
    ['a: \t b \t ', 'a', 'b'],
    ['a: b: c', 'a', 'b: c'],
    ['a: b\tc', 'a', 'b\tc'],
    ["!#$%&'*+-.^_`|~9Z: x", "!#$%&'*+-.^_`|~9Z", 'x'],
    ['a: \xe9\xff', 'a', '\xe9\xff'], // obs-text
    ['a: \xa0b\xa0', 'a', '\xa0b\xa0'],
  ])('%j is a name and a value', (line, name, value) => {
    expect(parseFieldLine(line)).toEqual([name, value])
  })

  test.each([
    'a : b',
    'a\t: b',
    ' a: b',
    'a b: c',
    ': b',
    'ab',
    '',
    'a: b\0',
    'a: b\rc',
    'a: b\nc',
    'a: \x7f',
    '\xe9: b',
  ])('%j is refused', (line) => {
    expect(() => parseFieldLine(line)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FIELD', status: 400 }))
  })

  test('with blanks without end is read in linear time', () => {
    const line = `a: b${' '.repeat(1_000_000)}c`
    expect(parseFieldLine(line)[1]).toHaveLength(1_000_002) // a pattern for trailing blanks would take minutes
  })

  test('never ends up in the error, for it may hold a secret', () => {
    for (const line of ['Authorization: Bearer hunter2\0', 'Authorization : Bearer hunter2', 'Bearer hunter2']) {
      expect(() => parseFieldLine(line)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      )
    }
  })
})
