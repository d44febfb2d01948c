// What the rules found, each with a way to its evidence and to what to do.

/** @typedef {import('../src/diagnose/diagnosis.ts').Diagnosis} Finding */

/** @type {Readonly<Record<Finding['severity'], string>>} */
const SIGNS = { error: '✗', warn: '!', info: 'i' }

/**
 * @param {HTMLElement} list @param {HTMLElement} copied
 * @param {(finding: Finding) => void} onShow
 */
export function createFindingsPane(list, copied, onShow) {
  /** @param {Finding} finding */
  function itemOf(finding) {
    const { code, severity, text, fix, confidence, evidence } = finding
    const item = document.createElement('li')
    item.className = severity
    const head = element('p', 'finding-head', '')
    head.append(
      element('span', 'sign', SIGNS[severity]),
      element('strong', '', code),
      element('span', 'quiet', confidence),
    )
    item.append(head, element('p', '', text))
    const actions = element('p', 'actions', '')
    if (evidence.length > 0) actions.append(button('Show me', code, () => onShow(finding)))
    if (fix !== '') {
      const lines = element('pre', 'fix', fix)
      lines.tabIndex = 0
      const details = document.createElement('details')
      details.append(
        element('summary', '', 'Fix'),
        lines,
        button('Copy', `the fix of ${code}`, () => copy(fix)),
      )
      item.append(details)
    }
    if (actions.childElementCount > 0) item.append(actions)
    return item
  }

  /** @param {string} text */
  async function copy(text) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    copied.textContent = done ? 'Copied.' : 'The browser does not allow that: select the lines instead.'
  }

  return {
    /** @param {readonly Finding[] | undefined} findings undefined as long as nobody has looked @param {boolean} isOver */
    show(findings, isOver) {
      if (!findings) return list.replaceChildren(element('li', 'quiet', 'Being looked for…'))
      const open = new Set(
        [...list.querySelectorAll('details[open]')].map((details) => details.parentElement?.dataset['code']),
      )
      const items = findings.map((finding) => {
        const item = itemOf(finding)
        item.dataset['code'] = finding.code
        const details = item.querySelector('details')
        if (details) details.open = open.has(finding.code)
        return item
      })
      const nothing = element(
        'li',
        'quiet',
        isOver ? 'Nothing is wrong with it, as far as the rules can tell.' : 'Nothing so far.',
      )
      list.replaceChildren(...(items.length > 0 ? items : [nothing]))
    },
  }
}

/** @param {string} name @param {string} className @param {string} text */
function element(name, className, text) {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.textContent = text
  return made
}

/** @param {string} text @param {string} of @param {() => void} onClick */
function button(text, of, onClick) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  made.ariaLabel = `${text}: ${of}`
  made.addEventListener('click', onClick)
  return made
}
