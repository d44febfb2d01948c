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
  let frame = 0

  column.addEventListener('scroll', () => {
    if (column.clientHeight === 0) return // hidden: the reader did not do this
    const left = column.scrollHeight - column.scrollTop - column.clientHeight
    if (column.scrollTop < at)
      follows = left < 4 // a column that became higher moves back too, and is at its end
    else if (column.scrollTop > at && left < column.clientHeight / 2) follows = true // the end runs away: near is enough
    at = column.scrollTop
  })
  column.addEventListener('keydown', (event) => {
    if (event.key !== 'End') return
    event.preventDefault() // the browser would scroll to where the end was
    follows = true
    scroll()
  })

  /** Scrolling makes the browser lay out everything: once a frame is enough. */
  function update() {
    if (frame === 0) frame = requestAnimationFrame(scroll)
  }

  function scroll() {
    frame = 0
    if (!follows || column.clientHeight === 0) return
    column.scrollTop = column.scrollHeight
    at = column.scrollTop
  }

  return {
    /** To be called when something was added. */
    update,
    /** To be called when the column is to be seen again. */
    show() {
      if (follows) scroll()
      else column.scrollTop = at
    },
    /** To be called when the column was emptied. */
    reset() {
      follows = true
      at = 0
    },
  }
}
