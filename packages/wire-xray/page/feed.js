// What the server tells: everything once, and then what changes. A page that lost the line hears the rest; one that missed
// too much asks for everything again.

/** @typedef {import('../src/web/page-exchange.ts').PageExchange} PageExchange */
/** @typedef {import('../src/web/page-exchange.ts').WholeExchange} WholeExchange */
/** @typedef {{ title: string, live: boolean, taps: readonly string[], exchanges: readonly PageExchange[] }} Everything */
/** @typedef {{ tap: number, number: number, from: number, items: readonly import('./exchange.js').PageItem[] }} More */

/**
 * @typedef {object} Listener
 * @property {() => void} everything there may be more than is known: ask for it
 * @property {(exchange: PageExchange) => void} exchange
 * @property {(more: More) => void} items
 * @property {(sentence: string) => void} line what became of the connection, or nothing
 */

/** @param {Listener} listener */
export function listen(listener) {
  const source = new EventSource('/events')
  source.addEventListener('exchange', ({ data }) => listener.exchange(JSON.parse(data).exchange))
  source.addEventListener('items', ({ data }) => listener.items(JSON.parse(data)))
  source.addEventListener('reset', () => listener.everything())
  source.onopen = () => {
    listener.line('')
    listener.everything()
  }
  source.onerror = () => {
    const isOver = source.readyState === EventSource.CLOSED
    listener.line(isOver ? 'The x-ray has ended. What is here stays.' : 'The line is cut; coming back…')
  }
}

/** @returns {Promise<Everything | undefined>} */
export const askEverything = () => ask('/exchanges')

/** @param {{ tap: number, number: number }} exchange @returns {Promise<WholeExchange | undefined>} undefined for one that is not kept any more */
export const askWhole = ({ tap, number }) => ask(`/exchange?tap=${tap}&number=${number}`)

/**
 * @param {{ tap: number, number: number }} exchange @param {'up' | 'down'} direction @param {number} from
 * @returns {Promise<import('../src/web/named-bytes.ts').NamedBytes | undefined>}
 */
export const askBytes = ({ tap, number }, direction, from) =>
  ask(`/bytes?tap=${tap}&number=${number}&direction=${direction}&from=${from}`)

/** @param {string} path */
async function ask(path) {
  const response = await fetch(path).catch(() => undefined)
  return response?.ok ? await response.json() : undefined
}
