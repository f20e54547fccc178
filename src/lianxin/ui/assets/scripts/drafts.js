// What is typed is kept in this browser until the server says that it has it; on a device that others use too
// (<body data-shared>), only in this tab and no longer than it is open.
import { element, fresh, say } from './common.js'

const PREFIX = 'lianxin-draft:'
const DAY = 24 * 3600 * 1000
const KEPT_FOR = 14 * DAY
const ANONYMOUS = 'case-anonymous' // as in cases/views/employee.py: kept under nobody's id, for a day at most

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
      const longest = key.startsWith(PREFIX + ANONYMOUS) ? DAY : KEPT_FOR
      if (Date.now() - JSON.parse(kept.getItem(key)).at > longest) kept.removeItem(key)
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

function isAnonymous(form) {
  return Boolean(form?.dataset.anonymousDraft) && form.querySelector('[name=identity]:checked')?.value === 'anonymous'
}

function keyOf(field) {
  return isAnonymous(field.form) ? `${ANONYMOUS}.${field.name}` : field.dataset.draft
}

function isChoice(field) {
  return field.type === 'radio' || field.type === 'checkbox'
}

function keep(kept, field) {
  const value = field.type === 'checkbox' ? field.checked : field.value
  try {
    if (value === '') kept.removeItem(PREFIX + keyOf(field))
    else kept.setItem(PREFIX + keyOf(field), JSON.stringify({ value, at: Date.now() }))
  } catch {
    // The storage is full: the form itself still holds the words.
  }
}

/** True when there was something to bring back that was not there already. */
function restore(kept, field) {
  const value = read(kept, keyOf(field))
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
      kept.removeItem(PREFIX + keyOf(field))
      if (!isChoice(field)) field.value = field.defaultValue || ''
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    line.remove()
    fields[0].focus()
  })
  last.insertAdjacentElement('afterend', line)
}

/** With the identity the draft changes its name, so that no anonymous words lie under anybody's id. */
function watchIdentity(kept, form, returned) {
  const drafted = () => [...form.querySelectorAll('[data-draft]')]
  const anonymous = form.querySelector('[name=identity][value=anonymous]')
  // Words that were written anonymously never come back into a form that would send them under a name.
  if (!returned && anonymous && keys(kept, ANONYMOUS).length) anonymous.checked = true
  form.querySelectorAll('[name=identity]').forEach((choice) => choice.addEventListener('change', () => {
    const now = isAnonymous(form)
    drafted().forEach((field) => {
      kept.removeItem(PREFIX + (now ? field.dataset.draft : `${ANONYMOUS}.${field.name}`))
      keep(kept, field)
    })
  }))
}

export function start(root) {
  const kept = storage()
  if (!kept) return
  forgetOld(kept)
  // Whether the device is shared is unknown where nobody is signed in: what is done with goes from both places.
  root.querySelectorAll('meta[name="draft-clear"]').forEach((meta) => {
    for (const each of [window.localStorage, window.sessionStorage]) forget(each, meta.content)
  })

  fresh(root, 'form[data-forgets-drafts]', 'forgets').forEach((form) => form.addEventListener('submit', forgetAll))

  const fields = fresh(root, '[data-draft]', 'draft')
  // A form that came back with mistakes already holds what was typed last.
  const returned = root.querySelector('[data-error-summary]') !== null
  fresh(root, 'form[data-anonymous-draft]', 'anonymous').forEach((form) => watchIdentity(kept, form, returned))
  const restored = returned ? [] : fields.filter((field) => restore(kept, field))
  if (restored.length) tell(kept, restored)
  fields.forEach((field) => field.addEventListener('input', () => keep(kept, field)))
  if (returned) fields.filter((field) => !isChoice(field) || field.checked).forEach((field) => keep(kept, field))
}
