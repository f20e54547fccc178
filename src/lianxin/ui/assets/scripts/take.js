// Copying, printing, and adding the next part of a list in place.
import { announce, fresh, say } from './common.js'

async function copy(button) {
  const text = button.dataset.copy
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Without HTTPS there is no clipboard: select the text, so that one key or one tap is left to do.
    const shown = button.parentElement.querySelector('.copy-text')
    window.getSelection().selectAllChildren(shown)
    if (!document.execCommand('copy')) return
  }
  const label = button.querySelector('span')
  const before = label.textContent
  label.textContent = say('copied')
  announce(say('copied'))
  setTimeout(() => {
    label.textContent = before
  }, 2500)
}

async function more(event, link) {
  const list = document.querySelector(link.dataset.more)
  if (!list) return
  event.preventDefault()
  link.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(link.href, { headers: { Accept: 'text/html' } })
    if (!answer.ok) throw new Error(answer.statusText)
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const added = [...(page.querySelector(link.dataset.more)?.children || [])]
    list.append(...added)
    const following = page.querySelector('[data-more]')
    if (following) link.href = following.getAttribute('href')
    else link.parentElement.remove()
    added[0]?.querySelector('a')?.focus({ preventScroll: true })
  } catch {
    window.location.assign(link.href)
  }
  link.removeAttribute('aria-busy')
}

export function start(root) {
  fresh(root, '[data-copy]', 'copy').forEach((button) => {
    button.hidden = false
    button.addEventListener('click', () => copy(button))
  })
  fresh(root, '[data-print]', 'print').forEach((button) => button.addEventListener('click', () => window.print()))
  fresh(root, '[data-more]', 'more').forEach((link) => link.addEventListener('click', (event) => more(event, link)))
}
