// Anonymous: the place that was filled in beforehand may tell who it is, so it goes unless it is chosen anew.
import { fresh } from './common.js'

function watch(form) {
  const choices = [...form.querySelectorAll('[name=identity]')]
  const place = form.querySelector('[name=place]')
  const line = form.querySelector('[data-anonymous-place]')
  if (!place || !line) return
  let before = place.value
  const none = place.querySelector('option[value=""]')
  const own = none.textContent

  function follow() {
    const anonymous = choices.find((choice) => choice.checked)?.value === 'anonymous'
    if (anonymous === !line.hidden) return
    line.hidden = !anonymous
    none.textContent = anonymous ? line.dataset.anonymousPlace : own
    if (anonymous) {
      before = place.value
      place.value = ''
    } else if (place.value === '') {
      place.value = before
    }
    place.dispatchEvent(new Event('change', { bubbles: true })) // whoever shows something about the place follows
  }

  choices.forEach((choice) => choice.addEventListener('change', follow))
  // A form that came back with mistakes holds what was chosen already.
  if (document.querySelector('[data-error-summary]')) {
    line.hidden = choices.find((choice) => choice.checked)?.value !== 'anonymous'
  } else follow()
  window.addEventListener('pageshow', follow)
}

/** What was sent anonymously does not stand in the page any more when somebody goes back to it. */
function forget(form) {
  let isSent = false
  form.addEventListener('submit', () => { isSent = new FormData(form).get('identity') === 'anonymous' })
  window.addEventListener('pagehide', () => {
    if (isSent) form.querySelectorAll('textarea, input[type=text], input[type=file]').forEach((box) => { box.value = '' })
    isSent = false
  })
}

export function start(root) {
  fresh(root, 'form[data-forgets-anonymous]', 'forgets-anonymous').forEach(forget)
  fresh(root, 'form[data-anonymous-draft]', 'identity').forEach(watch)
}
