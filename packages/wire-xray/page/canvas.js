// A canvas as sharp as the screen, in the colours of the page, drawn only when what it shows is not what it showed.

/** @typedef {{ context: CanvasRenderingContext2D, width: number, height: number, color: (name: string) => string }} Surface */

const dark = matchMedia('(prefers-color-scheme: dark)')

/** @param {() => void} listener */
export function onColors(listener) {
  dark.addEventListener('change', listener)
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(surface: Surface) => number} draw says how many shapes that took
 * @param {{ shows: () => readonly unknown[], onResize: () => void }} options `shows` is all that decides what is drawn
 */
export function createSurface(canvas, draw, { shows, onResize }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }))
  /** @type {Map<string, string>} */
  let colors = new Map()
  /** @type {readonly unknown[]} */
  let shown = []
  // Asked once: to ask a canvas in each frame would lay out the page in the middle of it.
  let [width, height] = [canvas.clientWidth, canvas.clientHeight]

  /** @param {string} name of a custom property */
  function color(name) {
    const known = colors.get(name) ?? getComputedStyle(canvas).getPropertyValue(`--${name}`)
    colors.set(name, known)
    return known
  }

  function prepare() {
    const scale = devicePixelRatio
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)]
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across
      canvas.height = down
    }
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.fillStyle = color('card')
    context.fillRect(0, 0, width, height)
    context.font = '12px system-ui, sans-serif'
  }

  new ResizeObserver(() => {
    ;({ clientWidth: width, clientHeight: height } = canvas)
    onResize()
  }).observe(canvas)

  return {
    draw() {
      const next = [width, height, devicePixelRatio, dark.matches, ...shows()]
      if (next.length === shown.length && next.every((value, n) => Object.is(value, shown[n]))) return
      if (shown[3] !== dark.matches) colors = new Map()
      shown = next
      prepare()
      canvas.dataset['drawn'] = `${draw({ context, width, height, color })}`
      canvas.dataset['times'] = `${Number(canvas.dataset['times'] ?? 0) + 1}`
    },
  }
}

/** Room on the left for amounts and the names of lanes, the same in both pictures. @param {number} width */
export function marginOf(width) {
  return width < 500 ? 48 : 64
}
