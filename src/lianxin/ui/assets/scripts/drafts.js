// What is typed is kept in this browser until the server says that it has it; on a device that others use too
// (<body data-shared>), only in this tab and no longer than it is open.
import { element, fresh, say } from './common.js'

const PREFIX = 'lianxin-draft:'
const KEPT_FOR = 14 * 24 * 3600 * 1000

function storage() {
  try {
    // A browser may forbid it.
    return document.body.hasAttribute('data-shared') ? window.sessionStorage : window.localStorage
  } catch {
    return null
  }
}

function keys(kept, prefix) {
  return Object.keys(kept).filter((key) => key === PREFIX + prefix || key.startsWith(`${PREFIX}${prefix}.`))
}

function forget(kept, prefix) {
  keys(kept, prefix).forEach((key) => kept.removeItem(key))
}

function forgetOld(kept) {
  for (const key of Object.keys(kept).filter((name) => name.startsWith(PREFIX))) {
    try {
      if (Date.now() - JSON.parse(kept.getItem(key)).at > KEPT_FOR) kept.removeItem(key)
    } catch {
      kept.removeItem(key)
    }
  }
}

function forgetAll() {
  for (const kept of [window.localStorage, window.sessionStorage]) {
    Object.keys(kept).filter((key) => key.startsWith(PREFIX)).forEach((key) => kept.removeItem(key))
  }
}

function read(kept, key) {
  try {
    return JSON.parse(kept.getItem(PREFIX + key))?.value
  } catch {
    return undefined
  }
}

function isChoice(field) {
  return field.type === 'radio' || field.type === 'checkbox'
}

function keep(kept, field) {
  const value = field.type === 'checkbox' ? field.checked : field.value
  try {
    if (value === '') kept.removeItem(PREFIX + field.dataset.draft)
    else kept.setItem(PREFIX + field.dataset.draft, JSON.stringify({ value, at: Date.now() }))
  } catch {
    // The storage is full: the form itself still holds the words.
  }
}

/** True when there was something to bring back that was not there already. */
function restore(kept, field) {
  const value = read(kept, field.dataset.draft)
  if (value === undefined || value === null) return false
  if (field.type === 'checkbox') field.checked = value
  else if (field.type === 'radio') field.checked = field.value === value
  else if (field.value === '' || field.tagName === 'SELECT') {
    if (field.value === value) return false
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
    return field.tagName !== 'SELECT'
  }
  return false
}

function tell(kept, fields) {
  const last = fields[fields.length - 1]
  const clear = element('button', { type: 'button', className: 'btn btn-quiet', textContent: say('clear') })
  const line = element('p', { className: 'draft-line' }, say('restored'), clear)
  line.setAttribute('role', 'status')
  clear.addEventListener('click', () => {
    fields.forEach((field) => {
      kept.removeItem(PREFIX + field.dataset.draft)
      if (!isChoice(field)) field.value = field.defaultValue || ''
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    line.remove()
    fields[0].focus()
  })
  last.insertAdjacentElement('afterend', line)
}

export function start(root) {
  const kept = storage()
  if (!kept) return
  forgetOld(kept)
  root.querySelectorAll('meta[name="draft-clear"]').forEach((meta) => forget(kept, meta.content))

  fresh(root, 'form[data-forgets-drafts]', 'forgets').forEach((form) => form.addEventListener('submit', forgetAll))

  const fields = fresh(root, '[data-draft]', 'draft')
  // A form that came back with mistakes already holds what was typed last.
  const returned = root.querySelector('[data-error-summary]') !== null
  const restored = returned ? [] : fields.filter((field) => restore(kept, field))
  if (restored.length) tell(kept, restored)
  fields.forEach((field) => field.addEventListener('input', () => keep(kept, field)))
  if (returned) fields.filter((field) => !isChoice(field) || field.checked).forEach((field) => keep(kept, field))
}
