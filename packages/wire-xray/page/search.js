// Where in a list that grows with time something stands: the panes ask for pixels, not for items.

/** The first place whose number is `value` or more. @param {readonly number[]} numbers @param {number} value */
export function firstFrom(numbers, value) {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (/** @type {number} */ (numbers[middle]) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** The first place whose number is above `value`. @param {readonly number[]} numbers @param {number} value */
export function firstAbove(numbers, value) {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (/** @type {number} */ (numbers[middle]) <= value) low = middle + 1
    else high = middle
  }
  return low
}
