// What the server tells: what there is, and then what changes. A page that lost the line hears what it missed; only one that
// missed too much asks for everything again. Out of sight it does not listen, and goes on from there when it is seen again:
// a browser has six connections for a server, and there may be twenty tabs.

/** @typedef {import('../src/web/page-exchange.ts').PageExchange} PageExchange */
/** @typedef {import('../src/web/page-exchange.ts').Outline} Outline */
/** @typedef {import('../src/web/page-exchange.ts').Judgement} Judgement */
/** @typedef {{ tap: number, number: number }} Named */
/** @typedef {{ view: string, title: string, live: boolean, taps: readonly string[], exchanges: readonly PageExchange[] }} Everything */
/** @typedef {{ from: number, items: readonly import('./layers.js').PageItem[] }} Part */
/** @typedef {Named & Part} More */

/**
 * @typedef {object} Listener
 * @property {(missed: boolean) => void} everything there is more than is known: ask for it; `missed` if some of it was told, and not heard
 * @property {(exchange: PageExchange) => void} exchange
 * @property {(more: More) => void} items
 * @property {(sentence: string) => void} line what became of the connection, or nothing
 */

/** @param {Listener} listener */
export function listen(listener) {
  const acts = {
    reset: (/** @type {string} */ data) => listener.everything(data === 'gap'),
    exchange: (/** @type {string} */ data) => listener.exchange(JSON.parse(data).exchange),
    items: (/** @type {string} */ data) => listener.items(JSON.parse(data)),
  }
  let heard = '' // the id of the last event
  /** @type {EventSource | undefined} */
  let source

  function open() {
    const opened = new EventSource(heard === '' ? '/events' : `/events?after=${encodeURIComponent(heard)}`)
    for (const [name, act] of Object.entries(acts)) {
      opened.addEventListener(name, ({ data, lastEventId }) => {
        heard = lastEventId
        act(data)
      })
    }
    opened.onopen = () => listener.line('')
    opened.onerror = () => {
      const isOver = opened.readyState === EventSource.CLOSED
      listener.line(isOver ? 'The x-ray has ended. What is here stays.' : 'The line is cut; coming back…')
    }
    return opened
  }

  function turn() {
    source?.close()
    source = document.hidden ? undefined : open()
  }

  document.addEventListener('visibilitychange', turn)
  turn()
}

/** @returns {Promise<Everything | undefined>} */
export const askEverything = () => ask('/exchanges')

/** @param {Named} exchange @returns {Promise<Outline | undefined>} undefined for one that is not kept any more */
export const askOutline = (exchange) => ask(`/outline?${named(exchange)}`)

/** @param {Named} exchange @returns {Promise<Judgement | undefined>} */
export const askJudgement = (exchange) => ask(`/judgement?${named(exchange)}`)

/**
 * @param {Named} exchange @param {'up' | 'down'} direction @param {number} from
 * @returns {Promise<import('../src/web/named-bytes.ts').NamedBytes | undefined>}
 */
export const askBytes = (exchange, direction, from) =>
  ask(`/bytes?${named(exchange)}&direction=${direction}&from=${from}`)

/** Items from a place on, as they arrive: lines of JSON. @param {Named} exchange @param {number} from @returns {AsyncGenerator<Part, void>} */
export async function* askItems(exchange, from) {
  const response = await fetch(`/items?${named(exchange)}&from=${from}`).catch(() => undefined)
  const reader = response?.ok ? response.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined
  if (!reader) return
  try {
    let rest = ''
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const lines = `${rest}${read.value}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line)
    }
  } finally {
    await reader.cancel().catch(() => {}) // nobody wants the rest, or there is none
  }
}

/** @param {Named} exchange */
function named({ tap, number }) {
  return `tap=${tap}&number=${number}`
}

/** @param {string} path */
async function ask(path) {
  const response = await fetch(path).catch(() => undefined)
  return response?.ok ? await response.json() : undefined
}
