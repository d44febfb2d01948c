// A column that shows its end while more arrives, unless the reader scrolled back.

/**
 * Whoever scrolls back is left alone until they return to the end. A hidden column
 * cannot scroll, so what it would have done is remembered and done when it is shown.
 *
 * @param {HTMLElement} column
 */
export function followEnd(column) {
  let follows = true
  let at = 0

  column.addEventListener('scroll', () => {
    if (column.clientHeight === 0) return // hidden: the reader did not do this
    if (column.scrollHeight - column.scrollTop - column.clientHeight < 4) follows = true
    else if (column.scrollTop < at) follows = false
    at = column.scrollTop
  })

  return {
    /** To be called when something was added, and when the column is shown again. */
    update() {
      column.scrollTop = follows ? column.scrollHeight : at
      at = column.clientHeight === 0 ? at : column.scrollTop
    },
    /** To be called when the column was emptied. */
    reset() {
      follows = true
      at = 0
    },
  }
}
