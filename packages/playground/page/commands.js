// The footer: the same stream, asked for in a terminal.
import { cloneOf } from './template.js'

/** @typedef {{ readonly label: string, readonly query: URLSearchParams }} Command who is asked, and with what but the prompt */

/**
 * @param {HTMLElement} list of one command for each wire format
 * @param {HTMLElement} status says whether copying worked
 */
export function createCommands(list, status) {
  return {
    /** @param {readonly Command[]} commands @param {string} prompt */
    show(commands, prompt) {
      status.textContent = ''
      list.replaceChildren(...commands.map((command) => itemOf(command, prompt, status)))
    },
  }
}

/** @param {Command} asked @param {string} prompt @param {HTMLElement} status */
function itemOf({ label, query }, prompt, status) {
  const item = cloneOf('command')
  const code = /** @type {HTMLElement} */ (item.querySelector('code'))
  const button = /** @type {HTMLElement} */ (item.querySelector('button'))
  const command = commandOf(query, prompt)
  code.textContent = command
  code.title = command
  button.setAttribute('aria-label', `Copy the command for ${label}`)
  button.addEventListener('click', async () => {
    status.textContent = ''
    status.textContent = (await copy(code)) ? 'Copied.' : 'The command is selected. Copy it with the keyboard.'
  })
  return item
}

/** The prompt comes last: where the line is clipped, the rest stays readable. @param {URLSearchParams} query @param {string} prompt */
function commandOf(query, prompt) {
  const question = encodeURIComponent(prompt.trim() || 'hello').replaceAll('!', '%21')
  return `curl -N --raw "${location.origin}/events?${query}&prompt=${question}"`
}

/**
 * The clipboard is there on localhost and over TLS only, and may be forbidden;
 * then the text is selected and copied as a reader would do it.
 *
 * @param {HTMLElement} code
 */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(code)
    return document.execCommand('copy')
  }
}
