// All that can be done without a mouse.

/** @typedef {readonly [key: string, meaning: string, act: () => void]} Key */

/**
 * @param {readonly Key[]} keys @param {HTMLDialogElement} help @param {HTMLElement} list
 */
export function createKeys(keys, help, list) {
  const acts = new Map(keys.map(([key, , act]) => [key, act]))
  const meanings = new Map(
    keys.map(([key, meaning]) => [
      meaning,
      keys
        .filter(([, same]) => same === meaning)
        .map(([one]) => nameOf(one))
        .join(' ') || key,
    ]),
  )
  for (const [meaning, names] of meanings) {
    const [term, description] = [document.createElement('dt'), document.createElement('dd')]
    term.textContent = names
    description.textContent = meaning
    list.append(term, description)
  }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || isTakenBy(event)) return
    const act = acts.get(event.key)
    if (!act) return
    event.preventDefault()
    act()
  })
}

/** @type {Readonly<Record<string, string>>} */
const NAMES = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }

/** @param {string} key */
function nameOf(key) {
  return NAMES[key] ?? key
}

/** Form elements have keys of their own, and what scrolls has the arrows. @param {KeyboardEvent} event */
function isTakenBy({ target, key }) {
  if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement) return true
  const isPressed =
    target instanceof HTMLButtonElement || (target instanceof HTMLElement && target.tagName === 'SUMMARY')
  if (isPressed) return key === ' ' || key === 'Enter'
  const scrolls = target instanceof HTMLElement && target.closest('.scroll, .fix')
  return scrolls !== null && scrolls !== false && (key.startsWith('Arrow') || key === ' ')
}
