// Forms: sent once, characters counted, focus where the mistakes are summed up.
import { announce, element, fresh, say } from './common.js'

function rest(form, button) {
  // The button that was pressed must still be sent, so it is stopped only after the form is on its way.
  setTimeout(() => {
    form.querySelectorAll('button:not([type="button"])').forEach((each) => {
      each.disabled = true
    })
    button?.setAttribute('aria-busy', 'true')
  })
}

function wake(form) {
  form.querySelectorAll('button:disabled').forEach((each) => {
    if (!each.hasAttribute('data-stays-disabled')) each.disabled = false
    each.removeAttribute('aria-busy')
  })
  form.lxSent = false
}

/** Without a network the form stays as it is, chosen photos and all, instead of giving way to a browser's error page. */
function tellOffline(form) {
  const line = form.querySelector('.offline-line') || element('p', { className: 'offline-line' })
  line.textContent = say('offline')
  form.querySelector('button:not([type="button"])')?.insertAdjacentElement('beforebegin', line)
  announce(line.textContent)
  window.addEventListener('online', () => line.remove(), { once: true })
}

function sendOnce(form) {
  form.querySelectorAll('button:disabled').forEach((each) => each.setAttribute('data-stays-disabled', ''))
  form.addEventListener('submit', (event) => {
    if (form.lxSent) {
      event.preventDefault()
      return
    }
    if (event.defaultPrevented) return
    if (!navigator.onLine) {
      event.preventDefault()
      tellOffline(form)
      return
    }
    form.lxSent = true
    rest(form, event.submitter)
  })
}

/**
 * Once sent, a form keeps its key in this entry of the browser's history: whoever goes back to it and sends the same
 * words again sends them under the same key, and the server knows them. Never for an anonymous form, of which nothing
 * stays here.
 */
function keepKey(key) {
  const form = key.form
  const sent = window.history.state?.lxKey
  if (sent && !document.querySelector('[data-error-summary]')) key.value = sent
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented || form.querySelector('[name=identity]:checked')?.value === 'anonymous') return
    window.history.replaceState({ ...window.history.state, lxKey: key.value }, '')
  })
}

function count(field) {
  const line = document.getElementById(field.dataset.counter)
  const most = field.maxLength
  if (!line || most < 1) return
  // The limit is told, not enforced, so that a pasted text loses nothing silently.
  field.removeAttribute('maxlength')
  let pause
  const update = () => {
    const left = most - [...field.value].length
    line.textContent = say(left < 0 ? 'over' : 'left', { n: Math.abs(left) })
    line.classList.toggle('over', left < 0)
    return left
  }
  field.addEventListener('input', () => {
    const left = update()
    clearTimeout(pause)
    // Read out once the writer pauses, and only where it begins to matter.
    if (left < most / 10) pause = setTimeout(() => announce(line.textContent), 1000)
  })
  update()
}

/** The page's title says that there is a mistake, also where htmx brought it. */
function tellMistakes(summary) {
  summary.focus()
  if (!document.title.startsWith(say('error'))) document.title = `${say('error')} ${document.title}`
}

/** Without cookies no form can be sent: better said before it is filled in. */
function tellNoCookies(form) {
  if (navigator.cookieEnabled) return
  const line = element('p', { className: 'offline-line', textContent: say('noCookies') })
  line.setAttribute('role', 'alert')
  form.prepend(line)
}

export function start(root) {
  fresh(root, 'form[method="post"]:not([data-resend]):not([hx-post])', 'once').forEach(sendOnce)
  fresh(root, 'main form[method="post"]', 'cookies').forEach(tellNoCookies)
  fresh(root, 'input[type="hidden"][name="key"]', 'key').forEach(keepKey)
  fresh(root, '[data-counter]', 'counter').forEach(count)
  fresh(root, '[data-error-summary]', 'focus').forEach(tellMistakes)
}

// While an input method composes, nothing is counted, searched or kept; when it is done, once.
document.addEventListener('input', (event) => {
  if (event.isComposing) event.stopImmediatePropagation()
}, true)
document.addEventListener('compositionend', (event) => {
  event.target.dispatchEvent(new Event('input', { bubbles: true }))
})

// Coming back with the browser's button finds the form as it was, ready to be sent.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form').forEach(wake)
})
