// What a row of the table says of a box.
import { visible } from './format.js'

/**
 * @param {import('./lane.js').Box} box @param {number} index @param {string} name what a box of the lane is called
 * @param {string | undefined} below what carries it is called so
 * @returns {readonly string[]}
 */
export function cellsOf(box, index, name, below) {
  const [first, last] = [box.bytes[0], box.bytes.at(-1)]
  const carriers = box.from < 0 || !below ? '' : `${below} ${box.from}${box.to > box.from ? `–${box.to}` : ''}`
  const what = box.kind === name || box.kind === 'delta' ? box.text : `${box.kind}: ${box.text}`
  return [
    `${index}`,
    box.at.toFixed(1),
    (box.at - box.began).toFixed(1),
    visible(what),
    first && last ? `${first[0]}–${last[1]}` : '',
    carriers,
  ]
}
