/** The sentence `name` in the reader's language, with {placeholders} filled. The page brings them on <body>. */
export function say(name, values = {}) {
  const key = 'say' + name[0].toUpperCase() + name.slice(1)
  return (document.body.dataset[key] || '').replace(/\{(\w+)\}/g, (_, word) => values[word])
}

/** Read out without moving anything on the screen. */
export function announce(text) {
  const region = document.getElementById('announcer')
  if (region) region.textContent = text
}

/** The elements that match `selector` and were not asked for before under `purpose`. */
export function fresh(root, selector, purpose) {
  return [...root.querySelectorAll(selector)].filter((element) => {
    const key = `lx-${purpose}`
    if (element[key]) return false
    element[key] = true
    return true
  })
}

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}
