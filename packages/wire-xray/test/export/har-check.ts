/** What is wrong with a value as an HTTP Archive, by the text of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/). */
export function wrongInHar(har: unknown): readonly string[] {
  const wrong: string[] = []
  const note = (path: string, what: string): void => void wrong.push(`${path}: ${what}`)

  function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    note(path, 'not an object')
    return {}
  }

  function list(value: unknown, path: string): readonly unknown[] {
    if (Array.isArray(value)) return value
    note(path, 'not an array')
    return []
  }

  function members(of: Readonly<Record<string, unknown>>, path: string, types: Readonly<Record<string, string>>): void {
    for (const [name, type] of Object.entries(types)) {
      const value = of[name]
      if (type.endsWith('?') && value === undefined) continue
      const actual: string = typeof value
      if (actual !== type.replace('?', '')) note(`${path}.${name}`, `${actual}, not ${type}`)
      if (type === 'number' && !Number.isFinite(value)) note(`${path}.${name}`, 'not finite')
    }
    for (const name of Object.keys(of)) {
      if (!(name in types) && !name.startsWith('_') && !KNOWN.has(name))
        note(`${path}.${name}`, 'unknown, and without "_"')
    }
  }

  const pairs = (value: unknown, path: string): void => {
    list(value, path).forEach((each, index) => {
      members(object(each, `${path}[${index}]`), `${path}[${index}]`, PAIR)
    })
  }

  const log = object(object(har, 'har')['log'], 'log')
  members(log, 'log', { version: 'string' })
  if (log['version'] !== '1.2') note('log.version', 'not 1.2')
  members(object(log['creator'], 'log.creator'), 'log.creator', { name: 'string', version: 'string' })
  list(log['entries'], 'log.entries').forEach((value, index) => {
    const path = `entries[${index}]`
    const entry = object(value, path)
    members(entry, path, {
      startedDateTime: 'string',
      time: 'number',
      connection: 'string?',
      serverIPAddress: 'string?',
    })
    if (!ISO_8601.test(String(entry['startedDateTime']))) note(`${path}.startedDateTime`, 'not ISO 8601')
    object(entry['cache'], `${path}.cache`)
    const request = object(entry['request'], `${path}.request`)
    members(request, `${path}.request`, REQUEST)
    pairs(request['headers'], `${path}.request.headers`)
    pairs(request['queryString'], `${path}.request.queryString`)
    list(request['cookies'], `${path}.request.cookies`)
    if (request['postData'] !== undefined) {
      members(object(request['postData'], 'postData'), `${path}.postData`, { mimeType: 'string', text: 'string' })
    }
    const response = object(entry['response'], `${path}.response`)
    members(response, `${path}.response`, RESPONSE)
    pairs(response['headers'], `${path}.response.headers`)
    list(response['cookies'], `${path}.response.cookies`)
    members(object(response['content'], 'content'), `${path}.content`, CONTENT)
    const timings = object(entry['timings'], `${path}.timings`)
    members(timings, `${path}.timings`, TIMINGS)
    for (const name of ['send', 'wait', 'receive']) {
      if (!(Number(timings[name]) >= 0)) note(`${path}.timings.${name}`, 'must not be -1')
    }
    const parts = ['blocked', 'dns', 'connect', 'send', 'wait', 'receive'].map((name) =>
      Math.max(Number(timings[name]), 0),
    )
    const sum = parts.reduce((total, part) => total + part, 0)
    if (Math.abs(sum - Number(entry['time'])) > 0.001) note(`${path}.time`, 'not the sum of its timings')
  })
  return wrong
}

const PAIR = { name: 'string', value: 'string' }
const REQUEST = { method: 'string', url: 'string', httpVersion: 'string', headersSize: 'number', bodySize: 'number' }
const RESPONSE = {
  status: 'number',
  statusText: 'string',
  httpVersion: 'string',
  redirectURL: 'string',
  headersSize: 'number',
  bodySize: 'number',
}
const CONTENT = { size: 'number', mimeType: 'string', text: 'string?', encoding: 'string?', compression: 'number?' }
const TIMINGS = {
  send: 'number',
  wait: 'number',
  receive: 'number',
  blocked: 'number?',
  dns: 'number?',
  connect: 'number?',
  ssl: 'number?',
}
/** Members that are looked at by themselves. */
const KNOWN = new Set([
  'creator',
  'entries',
  'request',
  'response',
  'cache',
  'timings',
  'cookies',
  'headers',
  'queryString',
  'postData',
  'content',
])
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/
