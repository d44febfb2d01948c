// Who is asked, in a race with whom, and what goes wrong.

/** @typedef {import('./lane.js').Runner} Runner */
/** @typedef {{ name: string, label: string, model?: string, simulated: boolean }} Target */
/** @typedef {{ name: string, label: string, sentence: string }} Fault */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
const selectOf = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (byId(id))
const inputOf = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id))

/**
 * Fills the choices with what the server has. Until it has said so, there is nobody to ask.
 *
 * @param {() => void} onChange
 */
export async function createChooser(onChange) {
  /** @type {{ targets: Target[], faults: Fault[] }} */
  const { targets, faults } = await (await fetch('/targets')).json()
  const [wire, rival, fault] = [selectOf('wire'), selectOf('rival'), selectOf('fault')]
  wire.replaceChildren(...targets.map(({ name, label }) => new Option(label, name)))
  rival.replaceChildren(new Option('nobody', ''), ...targets.map(({ name, label }) => new Option(label, name)))
  fault.replaceChildren(new Option('nothing', ''), ...faults.map(({ name, label }) => new Option(label, name)))

  const targetOf = (/** @type {string} */ name) => targets.find((target) => target.name === name)
  /** @type {Map<string, Promise<string[]>>} */
  const models = new Map()
  /** What a server has, asked once. @param {string} name */
  function modelsOf(name) {
    const known = models.get(name) ?? fetchModels(name)
    models.set(name, known)
    return known
  }

  /** @param {HTMLSelectElement} select @param {HTMLInputElement} input @param {string} list */
  function showModels(select, input, list) {
    input.hidden = select.value === ''
    input.value = ''
    input.placeholder = targetOf(select.value)?.model ?? 'its first model'
    byId(list).replaceChildren()
    if (select.value === '') return
    const asked = select.value
    modelsOf(asked).then((names) => {
      if (select.value === asked) byId(list).replaceChildren(...names.map((name) => new Option(name, name)))
    })
  }

  /** A fault is the simulator's to play. */
  function showFault() {
    const simulated = runners().some(({ wire }) => targetOf(wire)?.simulated)
    fault.disabled = !simulated
    const sentence = faults.find(({ name }) => name === fault.value)?.sentence ?? ''
    byId('fault-sentence').textContent = simulated ? sentence : 'Nothing goes wrong on demand with a real model.'
  }

  /** @returns {Runner[]} */
  function runners() {
    const chosen = [runnerOf(wire.value, inputOf('model').value)]
    return rival.value === '' ? chosen : [...chosen, runnerOf(rival.value, inputOf('rival-model').value)]
  }

  /** @param {string} name @param {string} model @returns {Runner} */
  function runnerOf(name, model) {
    return { wire: name, label: targetOf(name)?.label ?? name, model: model.trim() }
  }

  const rows = /** @type {const} */ ([
    [wire, inputOf('model'), 'models'],
    [rival, inputOf('rival-model'), 'rival-models'],
  ])
  for (const [select, input, list] of rows) {
    showModels(select, input, list)
    input.addEventListener('change', onChange)
    select.addEventListener('change', () => {
      showModels(select, input, list)
      showFault()
      onChange()
    })
  }
  fault.addEventListener('change', () => {
    showFault()
    onChange()
  })
  showFault()

  return {
    runners,
    /** What a runner is asked for, unless it is told otherwise. @param {Runner} runner */
    modelOf: ({ wire, model }) => model || (targetOf(wire)?.model ?? ''),
    /** The fault that this runner is to meet. @param {Runner} runner */
    faultOf: ({ wire }) => (targetOf(wire)?.simulated ? fault.value : ''),
  }
}

/** @param {string} wire @returns {Promise<string[]>} */
async function fetchModels(wire) {
  try {
    const response = await fetch(`/models?${new URLSearchParams({ wire })}`)
    return (await response.json()).models
  } catch {
    return [] // any name can be typed
  }
}
