// Single keys: j and k from case to case, a the next step, u back, / search, ? what there is. They can be switched off.
import { fresh } from './common.js'

const KEPT = 'lianxin-single-keys'

/** Whether single keys do anything: speech input and unsteady hands set them off by mistake. */
export function singleKeysAreOn() {
  try {
    return window.localStorage.getItem(KEPT) !== 'off'
  } catch {
    return true
  }
}

export function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type)
}

/** Whether a key is meant for the page: nothing is being typed, and nothing lies over it. */
export function isForPage(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return false
  return !document.querySelector('dialog[open], details.menu[open]')
}

function pressed(event) {
  if (!singleKeysAreOn() || !isForPage(event)) return
  const help = document.getElementById('keys')
  const search = document.querySelector('main input[type="search"]')
  const place = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`)
  if (event.key === '?' && help) help.showModal()
  else if (event.key === '/' && search) search.focus()
  else if (place) place.click()
  else return
  event.preventDefault()
}

function attachSwitch(box) {
  box.checked = singleKeysAreOn()
  box.addEventListener('change', () => {
    try {
      window.localStorage.setItem(KEPT, box.checked ? 'on' : 'off')
    } catch {
      // Without a storage they stay on.
    }
  })
}

/** Words at hand go where the writing stands. */
function attachInsert(button) {
  button.addEventListener('click', () => {
    const field = document.getElementById(button.dataset.insert)
    const words = button.closest('div').parentElement.querySelector('[data-inserted]').textContent
    field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end')
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.focus()
  })
}

/** The open case is in sight in the list beside it. */
function showOpenOne(open) {
  const pane = open.closest('.pane-list')
  pane.scrollTop = open.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3
}

export function start(root) {
  fresh(root, 'body', 'single-keys').forEach((body) => body.addEventListener('keydown', pressed))
  fresh(root, '[data-single-keys]', 'single-keys').forEach(attachSwitch)
  fresh(root, '[data-insert]', 'insert').forEach(attachInsert)
  fresh(root, '[data-needs-script]', 'script').forEach((each) => {
    each.hidden = false
  })
  fresh(root, '.pane-list [aria-current]', 'open').forEach(showOpenOne)
}
