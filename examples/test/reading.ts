/** The text of an answer as it comes. */
export interface Reading {
  /** Reads on until the text so far ends with this, or matches. Rejects if the answer ends before. */
  until(wanted: string | RegExp): Promise<string>
  /** Reads to the end. */
  rest(): Promise<string>
  cancel(): Promise<void>
}

export function reading(response: Response): Reading {
  const body = response.body as ReadableStream<Uint8Array>
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const isThere = (wanted: string | RegExp) => (typeof wanted === 'string' ? text.endsWith(wanted) : wanted.test(text))
  return {
    async until(wanted) {
      while (!isThere(wanted)) {
        const { done, value } = await reader.read()
        if (done) throw new Error(`it ended without ${wanted}: ${text}`)
        text += value
      }
      return text
    },
    async rest() {
      for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value
      return text
    },
    cancel: () => reader.cancel(),
  }
}
