// Which exchange is shown. As long as the newest one is, the next one will be.

/** @typedef {import('./feed.js').PageExchange} PageExchange */

/** @param {HTMLSelectElement} select @param {(exchange: PageExchange) => void} onChoose */
export function createChooser(select, onChoose) {
  /** @type {Map<string, PageExchange>} */
  const known = new Map()
  /** @type {Map<string, HTMLOptionElement>} */
  const options = new Map()
  /** @type {readonly string[]} */
  let taps = []

  const keyOf = (/** @type {{ tap: number, number: number }} */ { tap, number }) => `${tap} ${number}`

  /** @param {PageExchange} exchange */
  function wordsFor({ tap, number, method, target, status, end }) {
    const where = taps.length > 1 ? `${taps[tap]}: ` : ''
    const how = end.kind === 'open' ? '…' : end.kind === 'complete' ? '' : `, ${end.kind}`
    return `${where}#${number} ${method} ${target.slice(0, 60)} ${status.split(' ')[0]}${how}`
  }

  /** @param {PageExchange} exchange */
  function optionOf(exchange) {
    const option = new Option(wordsFor(exchange), keyOf(exchange))
    options.set(option.value, option)
    return option
  }

  /** @param {PageExchange} exchange */
  function choose(exchange) {
    select.value = keyOf(exchange)
    onChoose(exchange)
  }

  select.addEventListener('change', () => {
    const exchange = known.get(select.value)
    if (exchange) onChoose(exchange)
  })
  return {
    choose,
    get follows() {
      return select.selectedIndex < 0 || select.selectedIndex >= select.options.length - 2
    },
    /** @param {number} by */
    step(by) {
      const next = known.get(select.options[select.selectedIndex + by]?.value ?? '')
      if (next) choose(next)
    },
    /** Says whether it is a new one. @param {PageExchange} exchange */
    take(exchange) {
      const key = keyOf(exchange)
      const option = options.get(key)
      known.set(key, exchange)
      if (!option) select.append(optionOf(exchange))
      else if (option.text !== wordsFor(exchange)) option.text = wordsFor(exchange)
      return option === undefined
    },
    /** @param {readonly PageExchange[]} exchanges @param {readonly string[]} names */
    show(exchanges, names) {
      taps = names
      known.clear()
      options.clear()
      const { value } = select
      for (const exchange of exchanges) known.set(keyOf(exchange), exchange)
      select.replaceChildren(...exchanges.map(optionOf))
      select.value = value
    },
  }
}
