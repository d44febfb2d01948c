// The prompt: it survives a reload, and is looked at before it is sent.

/** As in src/question.ts. */
const PROMPT_SIZE = 16_000

/**
 * Fills the field with what stood in it before the page was loaded again, and remembers what is typed.
 *
 * @param {HTMLTextAreaElement} field
 */
export function keepPrompt(field) {
  try {
    if (field.value === '') field.value = sessionStorage.getItem('prompt') ?? ''
    field.addEventListener('input', () => sessionStorage.setItem('prompt', field.value))
  } catch {
    // A browser that keeps nothing for us (site data blocked) loses the prompt, and nothing else.
  }
}

/** What the server would say too. @param {string} question */
export function problemWith(question) {
  if (question === '') return 'The prompt is empty. Ask something.'
  const size = new TextEncoder().encode(question).length
  return size > PROMPT_SIZE ? `The prompt is ${size} bytes long; at most ${PROMPT_SIZE} fit in its URL.` : ''
}
