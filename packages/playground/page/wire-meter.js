// The numbers that only the bytes of the model's response can tell.

/** @param {(name: import('./lane-view.js').NumberName, value: string) => void} show */
export function createWireMeter(show) {
  const utf8 = new TextEncoder()
  let bytes = 0
  let text = 0

  function showOverhead() {
    if (text > 0 && bytes > 0) show('overhead', `× ${(bytes / text).toFixed(1)}`)
  }

  return {
    /** @param {import('./bytes.js').WireEvent} event */
    read({ leg, spans }) {
      if (leg !== 'model') return
      for (const [length] of spans) bytes += length
      show('wire-bytes', bytes.toLocaleString('en'))
      showOverhead()
    },
    /** One more piece of the answer, as the page has heard it. @param {string} delta */
    delta(delta) {
      text += utf8.encode(delta).length
      showOverhead()
    },
    /** What the server measures beside the model. @param {import('./answer.js').Metrics} metrics */
    measured({ burstFactor }) {
      if (burstFactor !== undefined) show('burst', burstFactor.toFixed(2))
    },
    get bytes() {
      return bytes
    },
    get text() {
      return text
    },
  }
}
