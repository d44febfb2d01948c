import { createDispatcher } from '#ex/04-the-dispatcher'

// A stream, line by line: who hears something, and which id counts behind it.
const lines = [
  'event: tick',
  'id: 7',
  'data: one',
  'data: two',
  '',
  'data: no name, and no id of its own',
  '',
  'id: 8',
  '',
  'event: tock',
  'id',
  'data: forget the id',
  '',
  'id: 9',
  'data: this event never ends',
]

try {
  const dispatcher = createDispatcher()
  for (const name of ['message', 'tick', 'tock'])
    dispatcher.on(name, ({ type, data, lastEventId }) =>
      console.log(`    ${name} listeners hear: ${type} #${lastEventId} ${JSON.stringify(data)}`),
    )
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/: ?/, 2)
    console.log(line === '' ? '(empty line)' : line)
    dispatcher.push(line === '' ? { kind: 'empty-line' } : { kind: 'field', name, value })
    console.log(`                                        lastEventId: ${JSON.stringify(dispatcher.lastEventId)}`)
  }
  console.log(`The connection breaks. The client comes back and says: ${JSON.stringify(dispatcher.lastEventId)}`)
} catch (error) {
  console.log('Your dispatcher throws:', error instanceof Error ? error.message : error)
}
