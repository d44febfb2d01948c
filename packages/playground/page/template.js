// The parts of the page that are made more than once stand in index.html, as templates.

/** @param {string} id of a template with one element in it */
export function cloneOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id))
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
}
